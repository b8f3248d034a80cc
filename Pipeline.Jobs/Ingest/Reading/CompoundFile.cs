using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// A compound file (MS-CFB): streams by name, in sectors that are chained through a table. Only what the beginning of a workbook's story needs: the
/// names at hand and the bytes of one stream.
/// </summary>
internal sealed class CompoundFile
{
    private const uint EndOfChain = 0xFFFFFFFE;
    private const int HeaderBytes = 512;
    private const int EntryBytes = 128;
    private const int SectorsInHeader = 109;

    private readonly Stream file;
    private readonly int sectorBytes;
    private readonly int miniSectorBytes;
    private readonly uint miniLimit;
    private readonly uint[] next;
    private readonly uint[] nextMini;
    private readonly Dictionary<string, (uint First, long Length)> entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] miniStream = [];

    /// <exception cref="InvalidDataException">Not a compound file, or one whose chains lead nowhere.</exception>
    public CompoundFile(Stream file)
    {
        this.file = file;
        byte[] header = new byte[HeaderBytes];
        file.Position = 0;
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(header) != 0xE011CFD0)
        {
            throw new InvalidDataException("not a compound file");
        }
        int shift = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
        int miniShift = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
        if (shift is not (9 or 12) || miniShift != 6)
        {
            throw new InvalidDataException("a compound file with sectors of an unknown size");
        }
        sectorBytes = 1 << shift;
        miniSectorBytes = 1 << miniShift;
        miniLimit = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(56));
        next = Table(TableSectors(header));
        Directory(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48)));
        nextMini = Words(Chain(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(60))));
        if (entries.TryGetValue(RootName, out (uint First, long Length) root))
        {
            miniStream = Chain(root.First);
        }
    }

    private const string RootName = "Root Entry";

    public bool Has(string name) => entries.ContainsKey(name);

    /// <summary>The bytes of a stream, or null where there is none of this name.</summary>
    /// <exception cref="InvalidDataException">Its chain leads nowhere.</exception>
    public byte[]? Read(string name)
    {
        if (!entries.TryGetValue(name, out (uint First, long Length) entry))
        {
            return null;
        }
        byte[] bytes = entry.Length < miniLimit ? MiniChain(entry.First) : Chain(entry.First);
        return entry.Length <= bytes.Length ? bytes[..(int)entry.Length] : throw new InvalidDataException($"the stream '{name}' ends before its length");
    }

    private List<uint> TableSectors(byte[] header)
    {
        uint[] first = new uint[SectorsInHeader];
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(76 + (i * 4)));
        }
        List<uint> sectors = [.. first.Where(s => s < EndOfChain)];
        uint more = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(68));
        int left = checked((int)(file.Length / sectorBytes)) + 1;
        while (more < EndOfChain && left-- > 0)
        {
            byte[] sector = Sector(more);
            for (int i = 0; i < sectorBytes - 4; i += 4)
            {
                uint number = BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(i));
                if (number < EndOfChain)
                {
                    sectors.Add(number);
                }
            }
            more = BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(sectorBytes - 4));
        }
        return sectors;
    }

    private uint[] Table(List<uint> sectors) => Words([.. sectors.SelectMany(Sector)]);

    private static uint[] Words(byte[] bytes)
    {
        uint[] words = new uint[bytes.Length / 4];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * 4));
        }
        return words;
    }

    private void Directory(uint first)
    {
        byte[] bytes = Chain(first);
        for (int at = 0; at + EntryBytes <= bytes.Length; at += EntryBytes)
        {
            ReadOnlySpan<byte> entry = bytes.AsSpan(at, EntryBytes);
            int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[64..]);
            if (entry[66] is 2 or 5 && nameBytes is >= 2 and <= 64)
            {
                // Whole lengths of 64 bits are for files of 4096-byte sectors; the others may hold anything in the upper half.
                long length = sectorBytes == 512
                    ? BinaryPrimitives.ReadUInt32LittleEndian(entry[120..])
                    : BinaryPrimitives.ReadInt64LittleEndian(entry[120..]);
                string name = entry[66] == 5 ? RootName : Encoding.Unicode.GetString(entry[..(nameBytes - 2)]);
                entries.TryAdd(name, (BinaryPrimitives.ReadUInt32LittleEndian(entry[116..]), length));
            }
        }
    }

    private byte[] Sector(uint number)
    {
        byte[] bytes = new byte[sectorBytes];
        file.Position = ((long)number + 1) * sectorBytes;
        file.ReadAtLeast(bytes, sectorBytes, throwOnEndOfStream: false);
        return bytes;
    }

    private byte[] Chain(uint sector)
    {
        using MemoryStream bytes = new();
        long left = (file.Length / sectorBytes) + 1;
        for (; sector < EndOfChain; sector = next[sector])
        {
            if (sector >= next.Length || left-- == 0)
            {
                throw new InvalidDataException("a chain of sectors leads out of the file or in a circle");
            }
            bytes.Write(Sector(sector));
        }
        return bytes.ToArray();
    }

    private byte[] MiniChain(uint sector)
    {
        using MemoryStream bytes = new();
        for (; sector < EndOfChain; sector = nextMini[sector])
        {
            if (sector >= nextMini.Length || ((long)sector + 1) * miniSectorBytes > miniStream.Length || bytes.Length > miniStream.Length)
            {
                throw new InvalidDataException("a chain of small sectors leads out of the file or in a circle");
            }
            bytes.Write(miniStream, (int)sector * miniSectorBytes, miniSectorBytes);
        }
        return bytes.ToArray();
    }
}
