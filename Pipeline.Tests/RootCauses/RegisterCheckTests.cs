using Pipeline.Jobs.Rules;
using Pipeline.Models.RootCauses;

namespace Pipeline.Tests.RootCauses;

public sealed class RegisterCheckTests
{
    private static readonly RegisterVocabulary Words = new(
        RuleFiles.Taxonomy("/nowhere", "cn-jrt0169").Value, new HashSet<string> { "南京分行", "杭州分行" },
        new Dictionary<string, IReadOnlySet<string>>(), new DateOnly(2026, 11, 21));

    private static readonly RemediationEntry Known = new("R-0003", "FACIL", null, null, "old", "IT", new DateOnly(2026, 1, 1), null, null, null);

    [Fact]
    public void A_full_row_is_understood_by_labels_of_either_language_and_gets_the_next_number()
    {
        (IReadOnlyList<RemediationEntry> entries, IReadOnlyList<RegisterFault> faults) = Read(
            Row(8, cause: "定价收费", business: "信用卡", branch: "南京分行", done: "2026-09-30", note: "=1+1"),
            Row(9, id: "R-0003", cause: "Pricing and fees", action: "second"));
        Assert.Empty(faults);
        Assert.Equal(
            new RemediationEntry("R-0007", "PRICE", "CREDIT", "南京分行", "upgrade", "IT dept", new DateOnly(2026, 6, 1), null, new DateOnly(2026, 9, 30), "=1+1"), entries[0]);
        Assert.Equal(("R-0003", "PRICE"), (entries[1].Id, entries[1].Cause));
    }

    [Fact]
    public void Empty_rows_are_passed_over() => Assert.Empty(Read(new RegisterRow(8, new Dictionary<string, RegisterCell>()), new RegisterRow(9, new Dictionary<string, RegisterCell> { ["cause"] = new("", null) })).Entries);

    [Fact]
    public void Every_kind_of_fault_is_said_with_its_row_and_column()
    {
        (string What, string Column, RegisterRow Row)[] cases =
        [
            ("unknown cause", RegisterColumns.Cause, Row(8, cause: "没有这样的原因")),
            ("no cause", RegisterColumns.Cause, Row(8, cause: "")),
            ("unknown business line", RegisterColumns.Business, Row(8, business: "火箭")),
            ("unknown branch", RegisterColumns.Branch, Row(8, branch: "月球分行")),
            ("no action", RegisterColumns.Action, Row(8, action: " ")),
            ("no owner", RegisterColumns.Owner, Row(8, owner: "")),
            ("no beginning", RegisterColumns.Opened, Row(8, opened: "")),
            ("no day", RegisterColumns.Opened, Row(8, opened: "soon")),
            ("dates reversed", RegisterColumns.Due, Row(8, due: "2026-05-31")),
            ("done before it began", RegisterColumns.Done, Row(8, done: "2026-05-31")),
            ("done tomorrow", RegisterColumns.Done, Row(8, done: "2026-11-22")),
            ("an id of its own", RegisterColumns.Id, Row(8, id: "R-0099")),
            ("too long", RegisterColumns.Note, Row(8, note: new string('长', 1001))),
        ];
        foreach ((string what, string column, RegisterRow row) in cases)
        {
            RegisterFault fault = Assert.Single(Read(row).Faults);
            Assert.True((8, column) == (fault.Row, fault.Column), $"{what}: {fault}");
            Assert.True(fault.Text.Zh.Length > 0 && fault.Text.En.Length > 0);
        }
    }

    [Fact]
    public void Rows_that_stand_twice_are_faults_and_all_faults_are_told_at_once()
    {
        IReadOnlyList<RegisterFault> faults = Read(Row(8), Row(9), Row(10, id: "R-0003", action: "a"), Row(11, id: "R-0003", action: "b", owner: "")).Faults;
        Assert.Equal([(9, RegisterColumns.Action), (11, RegisterColumns.Id), (11, RegisterColumns.Owner)], faults.Select(f => (f.Row, f.Column)));
    }

    private static (IReadOnlyList<RemediationEntry> Entries, IReadOnlyList<RegisterFault> Faults) Read(params RegisterRow[] rows) => RegisterCheck.Read(rows, [Known], 7, Words);

    private static RegisterRow Row(
        int row, string id = "", string cause = "PRICE", string business = "", string branch = "", string action = "upgrade", string owner = "IT dept",
        string opened = "2026-06-01", string due = "", string done = "", string note = "") => new(row, new Dictionary<string, RegisterCell>
        {
            [RegisterColumns.Id] = new(id, null),
            [RegisterColumns.Cause] = new(cause, null),
            [RegisterColumns.Business] = new(business, null),
            [RegisterColumns.Branch] = new(branch, null),
            [RegisterColumns.Action] = new(action, null),
            [RegisterColumns.Owner] = new(owner, null),
            [RegisterColumns.Opened] = Day(opened),
            [RegisterColumns.Due] = Day(due),
            [RegisterColumns.Done] = Day(done),
            [RegisterColumns.Note] = new(note, null),
        });

    private static RegisterCell Day(string text) => new(text, DateOnly.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out DateOnly day) ? day : null);
}
