using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>
/// Compound files made by hand from the published formats (MS-CFB, MS-XLS, MS-OFFCRYPTO), so that each test says exactly what is in them: an .xls of
/// a few records, and a workbook under a password.
/// </summary>
internal static class OldWorkbooks
{
    private const int SectorBytes = 512;
    private const uint EndOfChain = 0xFFFFFFFE;
    private const uint TableSector = 0xFFFFFFFD;
    private const uint NoEntry = 0xFFFFFFFF;

    /// <summary>A compound file with these streams. Each gets at least 4096 bytes, which keeps them out of the small sectors.</summary>
    public static byte[] Compound(params (string Name, byte[] Content)[] streams)
    {
        List<byte[]> sectors = [];
        List<uint> table = [];
        uint Add(byte[] content)
        {
            uint first = (uint)sectors.Count;
            int count = Math.Max(1, (content.Length + SectorBytes - 1) / SectorBytes);
            for (int i = 0; i < count; i++)
            {
                byte[] sector = new byte[SectorBytes];
                content.AsSpan(Math.Min(content.Length, i * SectorBytes), Math.Min(SectorBytes, content.Length - (i * SectorBytes))).CopyTo(sector);
                sectors.Add(sector);
                table.Add(i == count - 1 ? EndOfChain : first + (uint)i + 1);
            }
            return first;
        }

        byte[] directory = new byte[128 * 4];
        Entry(directory, 0, "Root Entry", 5, EndOfChain, 0, streams.Length > 0 ? 1 : NoEntry, NoEntry);
        for (int i = 0; i < streams.Length; i++)
        {
            byte[] content = streams[i].Content;
            byte[] padded = content.Length >= 4096 ? content : [.. content, .. new byte[4096 - content.Length]];
            Entry(directory, i + 1, streams[i].Name, 2, Add(padded), padded.Length, NoEntry, i + 1 < streams.Length ? (uint)i + 2 : NoEntry);
        }
        uint directorySector = Add(directory);
        uint tableBegin = (uint)sectors.Count;
        int tableSectors = (sectors.Count / 127) + 1;
        for (int i = 0; i < tableSectors; i++)
        {
            table.Add(TableSector);
        }
        byte[] header = new byte[SectorBytes];
        ((byte[])[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(24), 0x3E);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), 0xFFFE);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(30), 9);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), 6);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(44), (uint)tableSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(48), directorySector);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(56), 4096);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(60), EndOfChain);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(68), EndOfChain);
        for (int i = 0; i < 109; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76 + (i * 4)), i < tableSectors ? tableBegin + (uint)i : NoEntry);
        }
        byte[] words = new byte[tableSectors * SectorBytes];
        words.AsSpan().Fill(0xFF);
        for (int i = 0; i < table.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(words.AsSpan(i * 4), table[i]);
        }
        return [.. header, .. sectors.SelectMany(s => s), .. words];
    }

    /// <summary>An .xls of one sheet (BIFF8). Cells are made by <see cref="Label"/>, <see cref="Number"/>, <see cref="Error"/>; rows and columns from 0.</summary>
    /// <param name="filePass">Content of a FILEPASS record, or null.</param>
    public static byte[] Xls(string sheet, byte[]? filePass, params byte[][] cells)
    {
        byte[] begin = Record(0x0809, [.. Word(0x0600), .. Word(0x0005), .. Word(0x0DBB), .. Word(0x07CC), .. new byte[8]]);
        byte[] pass = filePass is null ? [] : Record(0x002F, filePass);
        // Format 0 is general, format 14 a date.
        byte[] formats = [.. Format(0), .. Format(14)];
        byte[] name = [.. BitConverter.GetBytes(0), 0, 0, (byte)sheet.Length, 1, .. Encoding.Unicode.GetBytes(sheet)];
        byte[] end = Record(0x000A, []);
        int offset = begin.Length + pass.Length + formats.Length + 4 + name.Length + end.Length;
        BinaryPrimitives.WriteInt32LittleEndian(name, offset);
        byte[] part = Record(0x0809, [.. Word(0x0600), .. Word(0x0010), .. Word(0x0DBB), .. Word(0x07CC), .. new byte[8]]);
        byte[] dimensions = Record(0x0200, [.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(16), .. Word(0), .. Word(8), .. Word(0)]);
        return Compound(("Workbook", [.. begin, .. pass, .. formats, .. Record(0x0085, name), .. end, .. part, .. dimensions, .. cells.SelectMany(c => c), .. end]));
    }

    public static byte[] Label(int row, int column, string text) =>
        Record(0x0204, [.. Word(row), .. Word(column), .. Word(0), .. Word(text.Length), 1, .. Encoding.Unicode.GetBytes(text)]);

    public static byte[] Number(int row, int column, double value, bool isDate = false) =>
        Record(0x0203, [.. Word(row), .. Word(column), .. Word(isDate ? 1 : 0), .. BitConverter.GetBytes(value)]);

    public static byte[] Rk(int row, int column, int value, bool isDate = false) =>
        Record(0x027E, [.. Word(row), .. Word(column), .. Word(isDate ? 1 : 0), .. BitConverter.GetBytes((value << 2) | 2)]);

    public static byte[] Error(int row, int column, byte code) => Record(0x0205, [.. Word(row), .. Word(column), .. Word(0), code, 1]);

    /// <summary>A formula whose kept result is an error.</summary>
    public static byte[] ErrorFormula(int row, int column, byte code) =>
        Record(0x0006, [.. Word(row), .. Word(column), .. Word(0), 2, 0, code, 0, 0, 0, 0xFF, 0xFF, .. Word(0), .. new byte[4], .. Word(0)]);

    /// <summary>FILEPASS of RC4 encryption (MS-XLS 2.4.117, MS-OFFCRYPTO 2.3.6.1) with a verifier that fits no password that anybody tries.</summary>
    public static byte[] Rc4FilePass() => [.. Word(1), .. Word(1), .. Word(1), .. Enumerable.Range(1, 48).Select(i => (byte)((i * 37) & 0xFF))];

    /// <summary>A package under a password by agile encryption (MS-OFFCRYPTO 2.3.4.10 to 2.3.4.15): AES-256-CBC, SHA-512, 1,000 rounds.</summary>
    public static byte[] Protected(byte[] package, string password)
    {
        byte[] keySalt = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        byte[] passwordSalt = [.. Enumerable.Range(33, 16).Select(i => (byte)i)];
        byte[] key = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
        byte[] verifier = [.. Enumerable.Range(200, 16).Select(i => (byte)i)];
        const int rounds = 1000;

        byte[] hash = SHA512.HashData([.. passwordSalt, .. Encoding.Unicode.GetBytes(password)]);
        for (int i = 0; i < rounds; i++)
        {
            hash = SHA512.HashData([.. BitConverter.GetBytes(i), .. hash]);
        }
        byte[] Derived(params byte[] block) => SHA512.HashData([.. hash, .. block])[..32];
        byte[] verifierInput = Encipher(Derived(0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79), passwordSalt, verifier);
        byte[] verifierHash = Encipher(Derived(0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E), passwordSalt, SHA512.HashData(verifier));
        byte[] keyValue = Encipher(Derived(0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6), passwordSalt, key);

        List<byte> enciphered = [.. BitConverter.GetBytes((long)package.Length)];
        for (int segment = 0; segment * 4096 < package.Length; segment++)
        {
            byte[] plain = package[(segment * 4096)..Math.Min(package.Length, (segment + 1) * 4096)];
            byte[] padded = [.. plain, .. new byte[(16 - (plain.Length % 16)) % 16]];
            enciphered.AddRange(Encipher(key, SHA512.HashData([.. keySalt, .. BitConverter.GetBytes(segment)])[..16], padded));
        }
        byte[] integrityKey = [.. Enumerable.Range(7, 64).Select(i => (byte)i)];
        byte[] integrity = HMACSHA512.HashData(integrityKey, enciphered.ToArray());
        byte[] Block(params byte[] block) => SHA512.HashData([.. keySalt, .. block])[..16];
        string attributes = $"saltSize=\"16\" blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\"";
        string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
            + "<encryption xmlns=\"http://schemas.microsoft.com/office/2006/encryption\" xmlns:p=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\">"
            + $"<keyData {attributes} saltValue=\"{Convert.ToBase64String(keySalt)}\"/>"
            + $"<dataIntegrity encryptedHmacKey=\"{Convert.ToBase64String(Encipher(key, Block(0x5F, 0xB2, 0xAD, 0x01, 0x0C, 0xB9, 0xE1, 0xF6), integrityKey))}\""
            + $" encryptedHmacValue=\"{Convert.ToBase64String(Encipher(key, Block(0xA0, 0x67, 0x7F, 0x02, 0xB2, 0x2C, 0x84, 0x33), integrity))}\"/>"
            + "<keyEncryptors><keyEncryptor uri=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\">"
            + string.Create(CultureInfo.InvariantCulture, $"<p:encryptedKey spinCount=\"{rounds}\" {attributes} saltValue=\"{Convert.ToBase64String(passwordSalt)}\"")
            + $" encryptedVerifierHashInput=\"{Convert.ToBase64String(verifierInput)}\" encryptedVerifierHashValue=\"{Convert.ToBase64String(verifierHash)}\""
            + $" encryptedKeyValue=\"{Convert.ToBase64String(keyValue)}\"/></keyEncryptor></keyEncryptors></encryption>";
        byte[] info = [.. Word(4), .. Word(4), .. BitConverter.GetBytes(0x40), .. Encoding.UTF8.GetBytes(xml)];
        // Blanks behind the document keep the stream at the size from which it is no small one.
        info = [.. info, .. Enumerable.Repeat((byte)' ', Math.Max(0, 4096 - info.Length))];
        return Compound(("EncryptionInfo", info), ("EncryptedPackage", [.. enciphered]));
    }

    private static byte[] Encipher(byte[] key, byte[] vector, byte[] plain)
    {
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptCbc(plain, vector, PaddingMode.None);
    }

    private static void Entry(byte[] directory, int number, string name, byte kind, uint first, int length, uint child, uint right)
    {
        Span<byte> entry = directory.AsSpan(number * 128, 128);
        byte[] text = Encoding.Unicode.GetBytes(name);
        text.CopyTo(entry);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[64..], (ushort)(text.Length + 2));
        entry[66] = kind;
        entry[67] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[68..], NoEntry);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[72..], kind == 5 ? NoEntry : right);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[76..], kind == 5 ? child : NoEntry);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[116..], first);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[120..], (uint)length);
    }

    private static byte[] Format(int number) => Record(0x00E0, [.. Word(0), .. Word(number), .. new byte[16]]);

    private static byte[] Record(int kind, byte[] content) => [.. Word(kind), .. Word(content.Length), .. content];

    private static byte[] Word(int value) => [(byte)(value & 0xFF), (byte)((value >> 8) & 0xFF)];
}
