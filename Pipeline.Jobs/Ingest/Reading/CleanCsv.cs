using System.Buffers;
using System.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// Writes a table as RFC 4180: UTF-8 without mark, commas, CRLF, double quotes where a value needs them, one header line. Values are written as they
/// are: this file is read by programs and must give back what was read, so nothing is put before a leading <c>=</c>; workbooks are where formulas are guarded
/// against.
/// </summary>
internal sealed class CleanCsv(Stream stream) : IDisposable
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create("\",\r\n");

    private readonly StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024);

    /// <summary>Lines written, the header's included.</summary>
    public long Rows { get; private set; }

    public void Write(IReadOnlyList<string> cells)
    {
        Rows++;
        for (int column = 0; column < cells.Count; column++)
        {
            if (column > 0)
            {
                writer.Write(',');
            }
            string cell = cells[column];
            // A blank at an edge is kept by every reader only inside quotes; a line of one empty value would be an empty line.
            bool quoted = cell.Length == 0
                ? cells.Count == 1
                : cell[0] == ' ' || cell[^1] == ' ' || cell.AsSpan().ContainsAny(NeedsQuotes);
            if (quoted)
            {
                writer.Write('"');
                writer.Write(cell.Contains('"') ? cell.Replace("\"", "\"\"", StringComparison.Ordinal) : cell);
                writer.Write('"');
            }
            else
            {
                writer.Write(cell);
            }
        }
        writer.Write("\r\n");
    }

    public void Dispose() => writer.Dispose();
}
