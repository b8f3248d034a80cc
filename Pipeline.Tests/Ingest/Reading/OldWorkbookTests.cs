using System.IO.Compression;
using System.Text;
using Pipeline.Jobs.Ingest.Reading;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Ingest.Reading;

/// <summary>.xls, and workbooks under a password.</summary>
// One of its tests holds much memory for a moment: not beside the one that measures memory.
[Collection("memory")]
public sealed class OldWorkbookTests
{
    private const byte BadReference = 0x17;
    private const byte NotAvailable = 0x2A;

    static OldWorkbookTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Fact]
    public void Error_cells_of_an_xls_are_faults_with_their_column()
    {
        byte[] workbook = OldWorkbooks.Xls(
            "明细", null,
            OldWorkbooks.Label(0, 0, "编号"), OldWorkbooks.Label(0, 1, "金额"),
            OldWorkbooks.Label(1, 0, "TS1"), OldWorkbooks.Number(1, 1, 12.5),
            OldWorkbooks.Label(2, 0, "TS2"), OldWorkbooks.Error(2, 1, BadReference),
            OldWorkbooks.Label(3, 0, "TS3"), OldWorkbooks.ErrorFormula(3, 1, NotAvailable));
        WholeTable table = Assert.Single(Read("t.xls", workbook));
        Assert.Equal(("明细", "xls"), (table.Shape.Sheet, table.Shape.Encoding));
        Assert.Equal([(RowFault.None, 0, "12.5"), (RowFault.ErrorCell, 2, "#REF!"), (RowFault.ErrorCell, 2, "#N/A")],
            table.Rows.Select(row => (row.Fault, row.FaultColumn, row.Cells[1])));
    }

    [Fact]
    public void The_day_that_never_was_is_not_read_as_the_day_before()
    {
        byte[] workbook = OldWorkbooks.Xls(
            "S", null,
            OldWorkbooks.Label(0, 0, "编号"), OldWorkbooks.Label(0, 1, "日期"),
            OldWorkbooks.Label(1, 0, "TS1"), OldWorkbooks.Number(1, 1, 59, isDate: true),
            OldWorkbooks.Label(2, 0, "TS2"), OldWorkbooks.Number(2, 1, 60, isDate: true),
            OldWorkbooks.Label(3, 0, "TS3"), OldWorkbooks.Rk(3, 1, 60, isDate: true),
            OldWorkbooks.Label(4, 0, "TS4"), OldWorkbooks.Number(4, 1, 61, isDate: true));
        Assert.Equal(["1900-02-28", "1900-02-29", "1900-02-29", "1900-03-01"], Assert.Single(Read("t.xls", workbook)).Rows.Select(row => row.Cells[1]));
    }

    [Fact]
    public void A_workbook_under_a_password_is_refused_with_its_name_and_what_to_do()
    {
        byte[] workbook = OldWorkbooks.Protected(Package(), "一个口令");
        AssertProtected("投诉.xlsx", workbook);
    }

    [Fact]
    public void A_workbook_that_is_only_protected_against_writing_is_read()
    {
        // Excel enciphers it too, with a password that everybody knows (MS-OFFCRYPTO 2.4.2.3); that it opens shows that the other is refused for its password alone.
        WholeTable table = Assert.Single(Read("t.xlsx", OldWorkbooks.Protected(Package(), "VelvetSweatshop")));
        Assert.Equal(["TS1", "12"], Assert.Single(table.Rows).Cells);
    }

    [Fact]
    public void An_xls_under_a_password_is_refused_with_its_name_and_what_to_do() =>
        AssertProtected("投诉.xls", OldWorkbooks.Xls("S", OldWorkbooks.Rc4FilePass(), OldWorkbooks.Label(0, 0, "编号"), OldWorkbooks.Label(0, 1, "金额")));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_compound_file_whose_bytes_were_damaged_is_a_fault_or_a_table_and_never_a_crash(int seed)
    {
        byte[] whole = OldWorkbooks.Xls("S", null, OldWorkbooks.Label(0, 0, "编号"), OldWorkbooks.Label(0, 1, "金额"), OldWorkbooks.Label(1, 0, "TS1"), OldWorkbooks.Error(1, 1, 0));
        Random random = new(seed);
        for (int round = 0; round < 60; round++)
        {
            byte[] damaged = [.. whole];
            for (int i = 0; i < 8; i++)
            {
                damaged[random.Next(8, damaged.Length)] = (byte)random.Next(256);
            }
            // Also where it matters most: the header and the directory.
            damaged[random.Next(24, 80)] = (byte)random.Next(256);
            using ScratchFolder folder = new();
            string path = folder.File("t.xls", damaged);
            try
            {
                WholeTable.Read(path);
            }
            catch (PipelineFault fault)
            {
                Assert.Equal(ExitCodes.Failed, fault.ExitCode);
            }
        }
    }

    private static void AssertProtected(string name, byte[] workbook)
    {
        using ScratchFolder folder = new();
        string path = folder.File(name, workbook);
        PipelineFault fault = Assert.Throws<PipelineFault>(() => WholeTable.Read(path));
        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Contains(name, fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("protected by a password", fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("clear the password", fault.Text.En, StringComparison.Ordinal);
        Assert.Contains("清空密码", fault.Text.Zh, StringComparison.Ordinal);
    }

    private static List<WholeTable> Read(string name, byte[] workbook)
    {
        using ScratchFolder folder = new();
        return WholeTable.Read(folder.File(name, workbook));
    }

    private static byte[] Package()
    {
        using ScratchFolder folder = new();
        string path = Path.Combine(folder.Path, "plain.xlsx");
        Jobs.Ingest.Quarantine.CorrectionWorkbook.Write(path, [new Jobs.Ingest.Quarantine.CorrectionSheet("S", ["编号", "金额"], [["TS1", "12"]])]);
        return File.ReadAllBytes(path);
    }
}
