using Pipeline.Jobs.Ingest.Profiles;
using Pipeline.Models.Complainants;
using Pipeline.Models.Complaints;

namespace Pipeline.Jobs.Ingest.Mapping;

public sealed partial class ComplaintMapper
{
    private static readonly char[] ContactSeparators = ['/', ';', '；', ',', '，', '、', ' ', '\n', '|'];

    /// <value>The telephones of the row that is being mapped, normalised, each once.</value>
    private readonly List<string> phones = [];

    /// <summary>What the ledger keeps of a person in the clear, which is nothing but tokens, a year and a gender.</summary>
    private readonly record struct PersonTokens(
        string IdentityState, byte[]? Name, byte[]? Identity, IReadOnlyList<byte[]> Phones, byte[]? Email, byte[]? Account, int? BirthYear, string? Gender);

    private PersonTokens Person(string[] cells, SealedRow personal)
    {
        string name = Words(cells, CanonicalField.Name);
        string identity = Number(cells, CanonicalField.IdentityNumber);
        string contact = Number(cells, CanonicalField.PhoneContact);
        string reply = Number(cells, CanonicalField.PhoneReply);
        string reserved = Number(cells, CanonicalField.PhoneReserved);
        string mail = Number(cells, CanonicalField.Email);
        string account = Number(cells, CanonicalField.Account);
        string address = Words(cells, CanonicalField.Address);
        if ((name.Length | identity.Length | contact.Length | reply.Length | reserved.Length | mail.Length | account.Length | address.Length) == 0)
        {
            return new PersonTokens(IdentityStates.Absent, null, null, [], null, null, null, null);
        }

        (string contactPhone, string contactMail) = SplitContact(contact);
        personal.Add(SealedRow.Name, name);
        personal.Add(SealedRow.IdentityNumber, identity);
        personal.Add(SealedRow.PhoneContact, contactPhone);
        personal.Add(SealedRow.PhoneReply, reply);
        personal.Add(SealedRow.PhoneReserved, reserved);
        personal.Add(SealedRow.Email, mail.Length > 0 ? mail : contactMail);
        if (mail.Length > 0 && contactMail.Length > 0 && mail != contactMail)
        {
            personal.Add(string.Concat(SealedRow.SetAsidePrefix, SealedRow.Email), contactMail);
        }
        personal.Add(SealedRow.Account, account);
        personal.Add(SealedRow.Address, address);

        IdentityNumberReading reading = ReadIdentity(identity);
        phones.Clear();
        bool contactRead = AddPhone(contactPhone);
        bool replyRead = AddPhone(reply);
        bool reservedRead = AddPhone(reserved);
        string given = mail.Length > 0 ? mail : contactMail;
        string? email = given.Length == 0 ? null : Identifiers.Email(given);
        string? accountDigits = account.Length == 0 ? null : Identifiers.Account(account);
        WarnIf(!contactRead || (contactMail.Length > 0 && mail.Length == 0 && email is null), QualityCodes.ContactUnreadable);
        WarnIf(!replyRead, QualityCodes.PhoneReplyUnreadable);
        WarnIf(!reservedRead, QualityCodes.PhoneReservedUnreadable);
        WarnIf(mail.Length > 0 && email is null && !IsPlaceholder(mail), QualityCodes.EmailUnreadable);
        WarnIf(account.Length > 0 && accountDigits is null && !IsPlaceholder(account), QualityCodes.AccountUnreadable);
        return new PersonTokens(
            reading.State,
            TokenOrNull("name", name.Length == 0 ? null : Identifiers.Name(name)),
            TokenOrNull("identity", reading.Normalised),
            phones.Count == 0 ? [] : [.. phones.Select(p => Token("phone", p))],
            TokenOrNull("email", email),
            TokenOrNull("account", accountDigits),
            reading.BirthYear,
            reading.Gender);
    }

    private IdentityNumberReading ReadIdentity(string identity)
    {
        if (identity.Length == 0)
        {
            return new IdentityNumberReading(IdentityStates.Absent, null, null, null);
        }
        IdentityNumberReading reading = Identifiers.IdentityNumber(identity);
        if (reading.State == IdentityStates.Invalid)
        {
            warnings.Add(Scientific.IsMatch(identity) ? QualityCodes.IdentityScientific : QualityCodes.IdentityInvalid);
        }
        return reading;
    }

    /// <summary>False where there is something that is neither a telephone number nor a placeholder nor masked.</summary>
    private bool AddPhone(string text)
    {
        if (text.Length == 0)
        {
            return true;
        }
        if (Identifiers.Phone(text) is not string phone)
        {
            return IsPlaceholder(text);
        }
        if (!phones.Contains(phone))
        {
            phones.Add(phone);
        }
        return true;
    }

    /// <summary>A column for telephone or e-mail may hold either, or both.</summary>
    private static (string Phone, string Mail) SplitContact(string contact)
    {
        if (!contact.Contains('@', StringComparison.Ordinal))
        {
            return (contact, "");
        }
        string mail = "";
        List<string> rest = [];
        foreach (string part in contact.Split(ContactSeparators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (mail.Length == 0 && part.Contains('@', StringComparison.Ordinal))
            {
                mail = part;
            }
            else
            {
                rest.Add(part);
            }
        }
        return (string.Join('/', rest), mail);
    }

    /// <summary>Masked by the sender, or said to be absent: nothing is wrong with the value, it only identifies nobody.</summary>
    private static bool IsPlaceholder(string text) =>
        text.Contains('*', StringComparison.Ordinal)
        || text is "无" or "暂无" or "没有" or "不详" or "未知" or "未提供" or "空" or "-" or "--" or "/" or "0" or "N/A" or "n/a" or "NULL" or "null" or "none" or "None";

    private void WarnIf(bool condition, string code)
    {
        if (condition)
        {
            warnings.Add(code);
        }
    }
}
