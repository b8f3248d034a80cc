using System.Globalization;
using ExcelDataReader;

namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>The rows of one worksheet that hold something, as text. Takes over the reader.</summary>
internal sealed class SheetRows : IRowReader
{
    /// <summary>What the library gives for the serial numbers 59 and 60.</summary>
    private static readonly DateTime BeforePhantomDay = new(1900, 2, 28, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly InputContent content;
    private readonly IExcelDataReader reader;
    private readonly Func<bool> read;
    private readonly ErrorCells errors;
    private readonly bool erroneous;
    private readonly StringCache strings = new();
    private long line;
    private bool blankBefore;

    /// <param name="reader">Stands at the worksheet.</param>
    /// <param name="from">1-based row from which on rows are wanted.</param>
    public SheetRows(InputContent content, IExcelDataReader reader, long from, ErrorCells errors)
    {
        this.content = content;
        this.reader = reader;
        read = reader.Read;
        this.errors = errors;
        erroneous = errors.Any(reader.Name);
        while (line < from - 1 && WorkbookFile.Step(content, read))
        {
            line++;
        }
    }

    public bool Next(out ReadRow row)
    {
        while (WorkbookFile.Step(content, read))
        {
            line++;
            string[] cells = new string[reader.FieldCount];
            int faultColumn = 0;
            bool filled = false;
            for (int column = 0; column < cells.Length; column++)
            {
                string cell = Text(column, out bool error);
                cells[column] = cell;
                filled |= cell.Length > 0;
                faultColumn = error && faultColumn == 0 ? column + 1 : faultColumn;
            }
            if (!filled)
            {
                blankBefore = true;
                continue;
            }
            row = new ReadRow(line, cells, blankBefore, faultColumn > 0 ? RowFault.ErrorCell : RowFault.None, faultColumn);
            blankBefore = false;
            return true;
        }
        row = default;
        return false;
    }

    /// <summary>A worksheet's rows need no mending.</summary>
    public void Expect(int width)
    {
    }

    public void Dispose() => reader.Dispose();

    private string Text(int column, out bool error)
    {
        error = false;
        if (erroneous && errors.At(reader.Name, line, column + 1) is string code)
        {
            error = true;
            return code;
        }
        return reader.GetValue(column) switch
        {
            null => "",
            string text => strings.Get(text.Replace("\0", "", StringComparison.Ordinal)),
            double number => strings.Get(Number(number, reader.GetNumberFormatString(column))),
            int number => strings.Get(Number(number, reader.GetNumberFormatString(column))),
            bool truth => truth ? "TRUE" : "FALSE",
            DateTime moment when moment.Date == BeforePhantomDay && errors.IsPhantom(reader.Name, line, column + 1) => ErrorCells.PhantomDay,
            DateTime moment => strings.Get(Date(moment)),
            TimeSpan span => span.ToString(span.Milliseconds == 0 ? "c" : "g", CultureInfo.InvariantCulture),
            object other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
        };
    }

    /// <summary>Date, with the time only where there is one; a time alone (Excel's day 0) stays a time.</summary>
    private static string Date(DateTime moment)
    {
        string time = moment.Millisecond == 0 ? "HH:mm:ss" : "HH:mm:ss.fff";
        if (moment.Year < 1900)
        {
            return moment.ToString(time, CultureInfo.InvariantCulture);
        }
        return moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd " + time, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The number with the 15 digits that Excel keeps, without exponent. From 1E+15 on the last digits are lost already (an identity number of 18
    /// digits typed as a number): then with exponent, as Excel shows it, so that nobody takes it for the real one. A format of zeros only (branch
    /// codes: 000000) gives its leading zeros.
    /// </summary>
    public static string Number(double number, string? format)
    {
        if (Math.Abs(number) >= 1e15)
        {
            return number.ToString("0.#####E+00", CultureInfo.InvariantCulture);
        }
        string text = number.ToString("G15", CultureInfo.InvariantCulture);
        if (text.Contains('E'))
        {
            text = Math.Abs(number) < 1e-28 ? "0" : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }
        bool padded = format is { Length: > 1 } && !format.AsSpan().ContainsAnyExcept('0') && number >= 0 && !text.Contains('.');
        return padded ? text.PadLeft(format!.Length, '0') : text;
    }
}
