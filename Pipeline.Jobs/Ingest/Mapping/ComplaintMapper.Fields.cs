using System.Globalization;
using Pipeline.Jobs.Ingest.Cleaning;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Mapping;

/// <summary>What single cells mean. Each adds what it found to the content of the row, and sets aside what cannot be trusted.</summary>
public sealed partial class ComplaintMapper
{
    private const int EarliestBirthYear = 1900;

    private DateOnly? Closed(string[] cells, DateOnly received, SealedRow personal)
    {
        string text = Code(cells, CanonicalField.ClosedDate);
        DateReading closed = dates.Read(text);
        string? code = closed.State switch
        {
            DateState.Absent => null,
            DateState.Impossible => QualityCodes.ClosedDateImpossible,
            DateState.Unreadable => QualityCodes.ClosedDateUnreadable,
            _ when closed.Date < received => QualityCodes.ClosedBeforeReceived,
            _ when closed.Date > frame.AsOf => QualityCodes.ClosedAfterExport,
            _ => null,
        };
        if (closed.State == DateState.Valid)
        {
            content.Add(CanonicalField.ClosedDate, closed.Date);
        }
        else
        {
            content.Add(CanonicalField.ClosedDate, text);
        }
        if (code is not null)
        {
            if (code == QualityCodes.ClosedAfterExport)
            {
                // A later export may find the same date credible: then the state has changed although the cells have not.
                content.Add(code, "1");
            }
            SetAside(personal, CanonicalField.ClosedDate, code, text);
            return null;
        }
        return closed.State == DateState.Valid ? closed.Date : null;
    }

    private string Status(string[] cells, ref DateOnly? closed, SealedRow personal)
    {
        string text = Text(cells, CanonicalField.Status);
        content.Add(CanonicalField.Status, text);
        string? status = text.Length == 0 ? null : translator.Value(CanonicalField.Status, text);
        if (status is null)
        {
            if (text.Length > 0)
            {
                SetAside(personal, CanonicalField.Status, QualityCodes.StatusUnknown, text);
            }
            return closed is null ? "open" : "closed";
        }
        if (status == "open" && closed is DateOnly date)
        {
            SetAside(personal, CanonicalField.ClosedDate, QualityCodes.ClosedDateOnOpenCase, Iso(date));
            closed = null;
        }
        if (status == "closed" && closed is null && map.Has(CanonicalField.ClosedDate) && Code(cells, CanonicalField.ClosedDate).Length == 0)
        {
            warnings.Add(QualityCodes.ClosedWithoutDate);
        }
        return status;
    }

    private string? Label(string[] cells, CanonicalField field, string code, SealedRow personal) =>
        Meant(Text(cells, field), field, code, personal, static (mapper, field, text) =>
            mapper.translator.Value(field, text) is string value ? new Meaning<string?>(value, text) : default);

    private bool? YesNo(string[] cells, CanonicalField field, string code, SealedRow personal) =>
        Meant(Text(cells, field), field, code, personal, static (mapper, field, text) =>
            mapper.translator.Boolean(field, text) is bool answer ? new Meaning<bool?>(answer, text) : default);

    private DateOnly? Day(string[] cells, CanonicalField field, string code, SealedRow personal) =>
        Meant(Code(cells, field), field, code, personal, static (mapper, _, text) =>
            mapper.dates.Read(text) is { State: DateState.Valid, Date: DateOnly date } ? new Meaning<DateOnly?>(date, Iso(date)) : default);

    private decimal? Amount(string[] cells, CanonicalField field, string code, SealedRow personal) =>
        Meant(Code(cells, field), field, code, personal, static (mapper, field, text) =>
            AmountReader.Read(text, mapper.map.UnitOf(field)) is decimal amount
                ? new Meaning<decimal?>(amount, amount.ToString("0.00", CultureInfo.InvariantCulture))
                : default);

    /// <summary>What a cell means, or nothing where it is empty; where nobody knows what it means it is set aside.</summary>
    private T? Meant<T>(string text, CanonicalField field, string code, SealedRow personal, Func<ComplaintMapper, CanonicalField, string, Meaning<T?>> read)
    {
        if (text.Length == 0)
        {
            return default;
        }
        Meaning<T?> meaning = read(this, field, text);
        content.Add(field, meaning.Said ?? text);
        if (meaning.Said is null)
        {
            SetAside(personal, field, code, text);
        }
        return meaning.Value;
    }

    /// <param name="Said">The meaning as the content hash has it: what is written in two ways and means the same is the same content. Null where nothing is meant.</param>
    private readonly record struct Meaning<T>(T Value, string? Said);

    private int Persons(string[] cells, SealedRow personal)
    {
        string text = Code(cells, CanonicalField.PersonsCount);
        content.Add(CanonicalField.PersonsCount, text);
        if (text.Length == 0)
        {
            return 1;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int persons) && persons >= 1)
        {
            return persons;
        }
        SetAside(personal, CanonicalField.PersonsCount, QualityCodes.PersonsUnreadable, text);
        return 1;
    }

    private int? BirthYear(string[] cells, int receivedYear, SealedRow personal)
    {
        string text = Code(cells, CanonicalField.BirthYear);
        content.Add(CanonicalField.BirthYear, text);
        if (text.Length == 0)
        {
            return null;
        }
        if (text.Length == 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year >= EarliestBirthYear && year <= receivedYear)
        {
            return year;
        }
        SetAside(personal, CanonicalField.BirthYear, QualityCodes.BirthYearUnreadable, text);
        return null;
    }

    private string Words(string[] cells, CanonicalField field)
    {
        string text = Text(cells, field);
        content.Add(field, text);
        return text;
    }

    private string Number(string[] cells, CanonicalField field)
    {
        string text = Code(cells, field);
        content.Add(field, text);
        return text;
    }

    private void Narrative(string[] cells, SealedRow personal)
    {
        string text = Words(cells, CanonicalField.Narrative);
        personal.Add(SealedRow.Narrative, text);
        if (GarbledText.Is(text))
        {
            warnings.Add(QualityCodes.NarrativeGarbled);
        }
    }
}
