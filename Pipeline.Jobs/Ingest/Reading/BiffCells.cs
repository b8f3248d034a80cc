using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>
/// What ExcelDataReader 3.6.0 does not tell of an .xls: which cells hold an error value (BOOLERR records, formulas whose result is an error; MS-XLS
/// 2.5.10, 2.5.133), and which hold the serial number 60.
/// </summary>
internal static class BiffCells
{
    private const int BoundSheet = 0x0085;
    private const int FilePass = 0x002F;
    private const int EndOfPart = 0x000A;
    private const int BoolErr = 0x0205;
    private const int Formula = 0x0006;
    private const int Number = 0x0203;
    private const int Rk = 0x027E;
    private const int MulRk = 0x00BD;
    private const int Biff8 = 0x0600;

    /// <exception cref="InvalidDataException">The compound file is damaged.</exception>
    public static ErrorCells Read(CompoundFile file)
    {
        ErrorCells cells = new();
        if ((file.Read("Workbook") ?? file.Read("Book")) is not byte[] book || book.Length < 8)
        {
            return cells;
        }
        bool isBiff8 = BinaryPrimitives.ReadUInt16LittleEndian(book.AsSpan(4)) == Biff8;
        List<(int Begin, string Name)> sheets = [];
        foreach ((int record, int at, int length) in Records(book, 0))
        {
            ReadOnlySpan<byte> data = book.AsSpan(at, length);
            if (record == FilePass)
            {
                // What follows is enciphered. Whoever can open it without a password (a mere write protection) reads its errors as empty cells.
                return cells;
            }
            if (record == BoundSheet && length > 8)
            {
                sheets.Add((BinaryPrimitives.ReadInt32LittleEndian(data), Name(data[6..], isBiff8)));
            }
        }
        foreach ((int begin, string name) in sheets)
        {
            Sheet(book, begin, name, cells);
        }
        return cells;
    }

    private static void Sheet(byte[] book, int begin, string name, ErrorCells cells)
    {
        foreach ((int record, int at, int length) in Records(book, begin))
        {
            ReadOnlySpan<byte> data = book.AsSpan(at, length);
            if (length < 8)
            {
                continue;
            }
            long row = BinaryPrimitives.ReadUInt16LittleEndian(data) + 1L;
            int column = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]) + 1;
            switch (record)
            {
                case BoolErr when data[7] == 1:
                    cells.AddError(name, row, column, ErrorText(data[6]));
                    break;
                case Formula when length >= 14 && data[12] == 0xFF && data[13] == 0xFF:
                    if (data[6] == 2)
                    {
                        cells.AddError(name, row, column, ErrorText(data[8]));
                    }
                    break;
                case Formula or Number when length >= 14:
                    Note(cells, name, row, column, BinaryPrimitives.ReadDoubleLittleEndian(data[6..]));
                    break;
                case Rk when length >= 10:
                    Note(cells, name, row, column, RkNumber(BinaryPrimitives.ReadInt32LittleEndian(data[6..])));
                    break;
                case MulRk:
                    for (int i = 4; i + 6 <= length - 2; i += 6)
                    {
                        Note(cells, name, row, column++, RkNumber(BinaryPrimitives.ReadInt32LittleEndian(data[(i + 2)..])));
                    }
                    break;
            }
        }
    }

    private static void Note(ErrorCells cells, string sheet, long row, int column, double number)
    {
        if (ErrorCells.IsPhantomDay(number))
        {
            cells.AddPhantom(sheet, row, column);
        }
    }

    /// <summary>The records from <paramref name="at"/> to the end of their part of the stream; a stream that breaks off ends them.</summary>
    private static IEnumerable<(int Record, int At, int Length)> Records(byte[] book, int at)
    {
        while (at >= 0 && at <= book.Length - 4)
        {
            int record = BinaryPrimitives.ReadUInt16LittleEndian(book.AsSpan(at));
            int length = BinaryPrimitives.ReadUInt16LittleEndian(book.AsSpan(at + 2));
            at += 4;
            if (record == EndOfPart || length > book.Length - at)
            {
                yield break;
            }
            yield return (record, at, length);
            at += length;
        }
    }

    /// <summary>A number in 30 bits: an integer or the upper half of a double, either of them perhaps times 100.</summary>
    private static double RkNumber(int rk)
    {
        double number = (rk & 2) != 0 ? rk >> 2 : BitConverter.Int64BitsToDouble((long)(rk & ~3) << 32);
        return (rk & 1) != 0 ? number / 100 : number;
    }

    private static string Name(ReadOnlySpan<byte> data, bool isBiff8)
    {
        int characters = data[0];
        if (!isBiff8)
        {
            return TextEncoding.ChineseWindows.GetString(data.Slice(1, Math.Min(characters, data.Length - 1)));
        }
        bool isWide = (data[1] & 1) != 0;
        ReadOnlySpan<byte> text = data[2..];
        int bytes = Math.Min(isWide ? characters * 2 : characters, text.Length);
        return isWide ? Encoding.Unicode.GetString(text[..bytes]) : Encoding.Latin1.GetString(text[..bytes]);
    }

    private static string ErrorText(byte code) => code switch
    {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
}
