using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Jobs.Ingest.Ledger;
using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Mapping;

public sealed partial class ComplaintMapper
{
    /// <summary>A number that a spreadsheet turned into a power of ten: its last digits are lost.</summary>
    internal static readonly Regex Scientific = ScientificNotation();

    [GeneratedRegex("^[0-9](\\.[0-9]+)?[eE]\\+?[0-9]{1,3}$")]
    private static partial Regex ScientificNotation();

    /// <summary>Writes the columns in the order of <see cref="LedgerColumns.State"/>.</summary>
    private void Write(TableRow row, string caseNumber, DateOnly received, MappedBatch batch)
    {
        string[] cells = row.Cells;
        CopyRowBuffer buffer = batch.Buffer;
        SealedRow personal = new();
        warnings.Clear();
        content.Clear();
        content.Add(CanonicalField.CaseNumber, caseNumber);
        content.Add(CanonicalField.ReceivedDate, received);

        DateOnly? closed = Closed(cells, received, personal);
        string status = Status(cells, ref closed, personal);
        string? channel = Label(cells, CanonicalField.Channel, QualityCodes.ChannelUnknown, personal);
        string? businessChannel = Label(cells, CanonicalField.BusinessChannel, QualityCodes.BusinessChannelUnknown, personal);
        string? business = Label(cells, CanonicalField.Business, QualityCodes.BusinessUnknown, personal);
        string? cause = Label(cells, CanonicalField.Cause, QualityCodes.CauseUnknown, personal);
        string product = Words(cells, CanonicalField.ProductLabel);
        string subProduct = Words(cells, CanonicalField.SubProductLabel);
        string issue = Words(cells, CanonicalField.IssueLabel);
        string subIssue = Words(cells, CanonicalField.SubIssueLabel);
        string branch = Words(cells, CanonicalField.BranchName);
        string branchCode = Number(cells, CanonicalField.BranchCode);
        string parent = Words(cells, CanonicalField.ParentBranchName);
        string region = Words(cells, CanonicalField.Region);
        string city = Words(cells, CanonicalField.City);
        string? severity = Label(cells, CanonicalField.Severity, QualityCodes.SeverityUnknown, personal);
        decimal? amount = Amount(cells, CanonicalField.AmountYuan, QualityCodes.AmountUnreadable, personal);
        int persons = Persons(cells, personal);
        DateOnly? due = Day(cells, CanonicalField.DueDate, QualityCodes.DueDateUnreadable, personal);
        DateOnly? replied = Day(cells, CanonicalField.ReplyDate, QualityCodes.ReplyDateUnreadable, personal);
        DateOnly? followedUp = Day(cells, CanonicalField.FollowUpDate, QualityCodes.FollowUpDateUnreadable, personal);
        string? satisfaction = Label(cells, CanonicalField.Satisfaction, QualityCodes.SatisfactionUnknown, personal);
        bool? liable = YesNo(cells, CanonicalField.IsLiable, QualityCodes.LiableUnknown, personal);
        bool? compensated = YesNo(cells, CanonicalField.IsCompensated, QualityCodes.CompensatedUnknown, personal);
        decimal? compensation = Amount(cells, CanonicalField.CompensationYuan, QualityCodes.CompensationUnreadable, personal);
        bool? escalated = YesNo(cells, CanonicalField.IsEscalatedReported, QualityCodes.EscalatedUnknown, personal);
        bool? timely = YesNo(cells, CanonicalField.IsTimelyReported, QualityCodes.TimelyUnknown, personal);
        string response = Words(cells, CanonicalField.ResponseLabel);
        string overdue = Words(cells, CanonicalField.OverdueReason);
        string original = Number(cells, CanonicalField.OriginalNumber);
        string regulator = Number(cells, CanonicalField.RegulatorNumber);
        string link = Number(cells, CanonicalField.LinkNumber);
        string tags = Words(cells, CanonicalField.Tags);
        string? gender = Label(cells, CanonicalField.Gender, QualityCodes.GenderUnknown, personal);
        int? birthYear = BirthYear(cells, received.Year, personal);
        PersonTokens person = Person(cells, personal);
        Narrative(cells, personal);
        string matter = Words(cells, CanonicalField.MatterType);
        string exclusion = Words(cells, CanonicalField.ExclusionReason);
        foreach (UnmappedColumn column in unmapped)
        {
            string value = cleaner.Text(cells[column.Index]);
            content.Add(column.Header, value);
            personal.Add(column.SealedName, value);
        }
        UInt128 hash = content.Hash(keys);

        int offset = buffer.Length;
        buffer.StartRow(LedgerColumns.State.Count);
        buffer.Int64(0);
        buffer.Int32(1);
        buffer.Text(frame.Source);
        buffer.Text(caseNumber);
        HashBytes(buffer, hash);
        buffer.Date(frame.AsOf);
        buffer.Int64(frame.FileId);
        buffer.Int64(row.Line);
        buffer.Text(sheet);
        buffer.Date(received);
        buffer.Date(closed);
        buffer.Text(status);
        buffer.Text(channel);
        buffer.Text(businessChannel);
        buffer.Text(business);
        buffer.Text(cause);
        buffer.Text(product);
        buffer.Text(subProduct);
        buffer.Text(issue);
        buffer.Text(subIssue);
        buffer.Text(branch);
        buffer.Text(branchCode);
        buffer.Text(parent);
        buffer.Text(region);
        buffer.Text(city);
        buffer.Text(severity);
        buffer.Money(amount);
        buffer.Int32(persons);
        buffer.Date(due);
        buffer.Date(replied);
        buffer.Date(followedUp);
        buffer.Text(satisfaction);
        buffer.Boolean(liable);
        buffer.Boolean(compensated);
        buffer.Money(compensation);
        buffer.Boolean(escalated);
        buffer.Boolean(timely);
        buffer.Text(response);
        buffer.Text(overdue);
        buffer.Text(original);
        buffer.Text(regulator);
        buffer.Text(link);
        buffer.Text(tags);
        buffer.Text(gender ?? person.Gender);
        buffer.Int32(birthYear ?? person.BirthYear);
        buffer.Text(person.IdentityState);
        buffer.Bytes(person.Name);
        buffer.Bytes(person.Identity);
        buffer.BytesArray(person.Phones);
        buffer.Bytes(person.Email);
        buffer.Bytes(person.Account);
        buffer.Text(matter);
        buffer.Text(exclusion);
        buffer.Int32(keys.CurrentKeyId);
        buffer.Bytes(keys.Seal(personal.Write(), SealedRow.Place(frame.Source, caseNumber)).AsSpan());
        int warningsOffset = buffer.Length;
        buffer.TextArray(warnings);
        batch.Rows.Add(new MappedRow(caseNumber, hash, row.Line, sheet, offset, warningsOffset, buffer.Length, warnings.Count == 0 ? [] : [.. warnings]));
    }

    /// <summary>The value does not count, but it is not lost: it stays in the sealed row.</summary>
    private void SetAside(SealedRow personal, CanonicalField field, string code, string value)
    {
        warnings.Add(code);
        personal.Add(string.Concat(SealedRow.SetAsidePrefix, CanonicalFields.NameOf(field)), value);
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void HashBytes(CopyRowBuffer buffer, UInt128 hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        buffer.Bytes(bytes);
    }

    private byte[] Token(string kind, string normalised)
    {
        Span<byte> utf8 = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(normalised, utf8, out int length)
            ? keys.Token(kind, utf8[..length])
            : keys.Token(kind, Encoding.UTF8.GetBytes(normalised));
    }

    private byte[]? TokenOrNull(string kind, string? normalised) => normalised is null ? null : Token(kind, normalised);
}
