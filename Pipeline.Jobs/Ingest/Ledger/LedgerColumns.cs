using Pipeline.Jobs.Store;

namespace Pipeline.Jobs.Ingest.Ledger;

/// <summary>
/// The columns of a complaint's state in the order in which rows are written for COPY. The identifier and the revision come first,
/// because they are filled in when the verdict is known; the warnings come last, because the verdict may add one.
/// </summary>
public static class LedgerColumns
{
    /// <summary>Position in a written row, counted in bytes from its start, of the identifier's value.</summary>
    public const int IdentifierOffset = 2 + 4;

    /// <summary>As <see cref="IdentifierOffset"/>, of the revision's value.</summary>
    public const int RevisionOffset = IdentifierOffset + 8 + 4;

    public static IReadOnlyList<string> State { get; } =
    [
        "complaint_id", "revision", "source", "case_number", "content_hash", "as_of_date", "file_id", "line_number", "sheet_name",
        "received_date", "closed_date", "status", "channel", "business_channel", "business_reported", "cause_reported",
        "product_label", "sub_product_label", "issue_label", "sub_issue_label", "branch_name", "branch_code", "parent_branch_name",
        "region", "city", "severity", "amount_yuan", "persons_count", "due_date", "reply_date", "follow_up_date", "satisfaction",
        "is_liable", "is_compensated", "compensation_yuan", "is_escalated_reported", "is_timely_reported", "response_label",
        "overdue_reason", "original_number", "regulator_number", "link_number", "tags", "gender", "birth_year", "identity_state",
        "name_token", "identity_token", "phone_tokens", "email_token", "account_token", "matter_type", "exclusion_reason", "key_id", "sealed", "warnings",
    ];

    /// <value>COPY of states into a table that has these columns.</value>
    public static string Copy(string table) => $"copy {table} ({List(State)}) from stdin (format binary)";

    /// <summary>
    /// A statement with the columns put in for <c>{columns}</c>, <c>{table.columns}</c> (each with its table), and <c>{values}</c>,
    /// <c>{table.values}</c> (without the identifier, for updates). The names are constants of the program, never input.
    /// </summary>
    public static string Statement(string name)
    {
        string text = Sql.Get(name).Replace("{columns}", List(State), StringComparison.Ordinal).Replace("{values}", List(State.Skip(1)), StringComparison.Ordinal);
        foreach (string table in (string[])["complaint", "complaint_revision", "incoming_state", "placed_state"])
        {
            text = text
                .Replace($"{{{table}.columns}}", List(State.Select(c => $"{table}.{c}")), StringComparison.Ordinal)
                .Replace($"{{{table}.values}}", List(State.Skip(1).Select(c => $"{table}.{c}")), StringComparison.Ordinal);
        }
        return text;
    }

    private static string List(IEnumerable<string> columns) => string.Join(", ", columns);
}
