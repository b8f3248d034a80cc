using System.Buffers.Binary;
using Npgsql;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>Rows already in PostgreSQL's binary form → one COPY statement.</summary>
public sealed class CopyStream : IAsyncDisposable
{
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly NpgsqlRawCopyStream stream;
    private bool isComplete;

    private CopyStream(NpgsqlRawCopyStream stream) => this.stream = stream;

    /// <param name="statement">copy … from stdin (format binary).</param>
    public static async Task<CopyStream> BeginAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        CopyStream copy = new(await connection.BeginRawBinaryCopyAsync(statement, cancellation));
        await copy.stream.WriteAsync(Header, cancellation);
        return copy;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> rows, CancellationToken cancellation) => stream.WriteAsync(rows, cancellation);

    /// <summary>Ends the COPY; without it everything written is given up on disposal.</summary>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        byte[] trailer = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(trailer, -1);
        await stream.WriteAsync(trailer, cancellation);
        isComplete = true;
        await stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (isComplete)
        {
            return;
        }
        try
        {
            await stream.CancelAsync();
        }
        catch (Exception gone) when (gone is NpgsqlException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The connection broke: the fault that says so is already on its way to the caller and must not be replaced by this one.
        }
    }
}
