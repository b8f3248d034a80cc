namespace Pipeline.Jobs.Ingest.Mapping;

/// <summary>
/// What may be shown of an offending value outside the sealed row. A shifted row can hold a name or a telephone number in any column,
/// so only the form of a date or of a system's number is shown; everything else becomes stars.
/// </summary>
public static class ShownValue
{
    private const int MostStars = 12;

    public static string? Of(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }
        return IsDateLike(value) || IsSystemNumber(value) ? value : new string('*', Math.Min(value.Length, MostStars));
    }

    /// <summary>
    /// Letters, digits and dashes with at least one letter and six digits (a work order's number), or scientific notation; never digits
    /// alone, which could be a telephone, card or identity number, and never the form of a travel document.
    /// </summary>
    public static bool IsSystemNumber(string value)
    {
        if (value.Length is 0 or > 40)
        {
            return false;
        }
        int letters = 0;
        int digits = 0;
        foreach (char c in value)
        {
            if (char.IsAsciiLetter(c))
            {
                letters++;
            }
            else if (char.IsAsciiDigit(c))
            {
                digits++;
            }
            else if (c is not ('-' or '_' or '/' or '.' or '+'))
            {
                return false;
            }
        }
        // One letter X at the end is the check character of an identity number.
        bool identity = letters == 1 && value[^1] is 'X' or 'x';
        return letters > 0 && !identity && !IsDocumentLike(value) && (digits >= 6 || ComplaintMapper.Scientific.IsMatch(value));
    }

    /// <summary>
    /// The form of a passport, permit or foreign identity card: up to eleven letters and digits in one piece that begin with a letter
    /// (<c>E12345678</c>, <c>EA1234567</c>, <c>H1234567890</c>, <c>A123456789</c>, <c>C01X00T47</c>), or three letters and twelve digits (the
    /// residence card of a foreigner in China). A short work order number of that form is hidden too: better than to show a person's.
    /// </summary>
    private static bool IsDocumentLike(string value) =>
        char.IsAsciiLetter(value[0]) && value.All(char.IsAsciiLetterOrDigit)
        && (value.Length <= 11 || (value.Length == 15 && value[..3].All(char.IsAsciiLetter) && value[3..].All(char.IsAsciiDigit)));

    private static bool IsDateLike(string value)
    {
        if (value.Length > 25)
        {
            return false;
        }
        int digits = 0;
        int separators = 0;
        foreach (char c in value)
        {
            if (char.IsAsciiDigit(c))
            {
                digits++;
            }
            else if (c is '-' or '/' or '.' or '年' or '月' or '日' or ':' or ' ' or 'T')
            {
                separators++;
            }
            else
            {
                return false;
            }
        }
        // Seven or eight digits in one piece or two may be a telephone without its area code; a date begins with its century.
        bool dated = digits < 7 || separators >= 2 || (digits == 8 && (value.StartsWith("19", StringComparison.Ordinal) || value.StartsWith("20", StringComparison.Ordinal)));
        return (digits <= 8 && dated) || (digits <= 14 && separators >= 4);
    }
}
