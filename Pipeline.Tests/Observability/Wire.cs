using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Tests.Observability;

/// <summary>
/// A message of the protocol-buffers wire format, read without its schema: fields by their numbers
/// (https://protobuf.dev/programming-guides/encoding/; numbers of OTLP from opentelemetry-proto, trace.proto, metrics.proto, common.proto).
/// </summary>
internal sealed class Wire
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> fields = [];

    public Wire(byte[] message)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint(message, ref at);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add((field, Varint(message, ref at), null));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), null));
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    fields.Add((field, 0, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), null));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
    }

    public IEnumerable<Wire> All(int field) => fields.Where(f => f.Field == field && f.Bytes is not null).Select(f => new Wire(f.Bytes!));

    public byte[] Bytes(int field) => fields.Single(f => f.Field == field).Bytes!;

    public string? Text(int field) => fields.Where(f => f.Field == field).Select(f => Encoding.UTF8.GetString(f.Bytes!)).SingleOrDefault();

    public ulong Number(int field) => fields.Single(f => f.Field == field).Number;

    /// <summary>The text of an attribute: key(1), value(2) with string_value(1).</summary>
    /// <param name="field">9 of a span, 1 of a resource.</param>
    public string? Attribute(string key, int field = 9) => All(field).Where(a => a.Text(1) == key).Select(a => a.All(2).Single().Text(1)).SingleOrDefault();

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
