using System.Text;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Models.Regulatory;
using Pipeline.Tests.Measures;

namespace Pipeline.Tests.Regulatory;

public sealed class IdrFileTests
{
    private const string Table = """
        element,value,code
        column,unique_identifier,Complaint ID
        complainant_type,not_collected,N0
        gender,not_collected,N1
        about_representative,not_collected,N9
        status,open,1
        status,closed,2
        channel,hotline,C03
        product,CREDIT,P11
        issue,RULE,I07
        outcome,monetary_remedy,O4
        outcome,explanation,O1
        outcome,withdrawn,O9
        brand,南京分行,B1
        """;

    private static readonly IdrCodes Codes = Read(Table);
    private static readonly DateOnly From = new(2026, 7, 1);
    private static readonly DateOnly To = new(2026, 12, 31);

    private static IdrCodes Read(string table) => IdrCodeFiles.Read("codes.csv", Encoding.UTF8.GetBytes(table));

    private static string[] Lines(IdrResult result) => Encoding.UTF8.GetString(result.Csv).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void A_line_holds_codes_and_dates_of_the_period()
    {
        ComplaintFact[] facts =
        [
            Facts.Plain(1, new(2026, 9, 3)) with { Status = "closed", Closed = new(2026, 10, 1), Compensation = 120.5m },
            Facts.Plain(2, new(2026, 6, 20)) with { Status = "closed", Closed = new(2026, 7, 5) }, // open when the period began
            Facts.Plain(3, new(2026, 12, 20)) with { Status = "closed", Closed = new(2027, 1, 4) }, // closed after it
            Facts.Plain(4, new(2026, 6, 1)) with { Status = "closed", Closed = new(2026, 6, 9) }, // of the period before
            Facts.Plain(5, new(2026, 9, 1)) with { Exclusion = "matter:enquiry" },
        ];
        IdrResult result = IdrFile.Write(facts, Codes, From, To);
        Assert.Empty(result.Missing);
        Assert.Equal(
            [
                "Complaint ID,brand,complainant_type,gender,age,postcode,status,method_received,date_received,date_closed,days_to_resolve,about_representative,product,issue,outcome,monetary_remedy",
                "TS000002,B1,N0,N1,,,2,C03,20/06/2026,05/07/2026,15,N9,P11,I07,O1,",
                "TS000001,B1,N0,N1,,,2,C03,03/09/2026,01/10/2026,28,N9,P11,I07,O4,120.50",
                "TS000003,B1,N0,N1,,,1,C03,20/12/2026,,,N9,P11,I07,,",
            ],
            Lines(result));
    }

    [Fact]
    public void A_withdrawal_counts_by_its_day_and_what_came_after_the_period_does_not_count()
    {
        ComplaintFact withdrawn = Facts.Plain(1, new(2026, 12, 1)) with { Status = "withdrawn" };
        string State(DateOnly? day, DateOnly? received = null) => Lines(IdrFile.Write([withdrawn with { Closed = day, Received = received ?? withdrawn.Received }], Codes, From, To))[1];

        Assert.Equal("TS000001,B1,N0,N1,,,2,C03,01/12/2026,20/12/2026,19,N9,P11,I07,O9,", State(new(2026, 12, 20)));
        Assert.Equal("TS000001,B1,N0,N1,,,1,C03,01/12/2026,,,N9,P11,I07,,", State(new(2027, 1, 5)));
        Assert.Equal("TS000001,B1,N0,N1,,,2,C03,02/06/2026,01/07/2026,29,N9,P11,I07,O9,", State(new(2026, 7, 1), new(2026, 6, 2)));
    }

    [Fact]
    public void Cases_that_ended_on_an_unknown_day_are_taken_as_ended_in_the_period_of_receipt_and_told()
    {
        ComplaintFact[] facts =
        [
            Facts.Plain(1, new(2026, 8, 1)) with { Status = "withdrawn" },
            Facts.Plain(2, new(2026, 8, 2)) with { Status = "closed" },
            Facts.Plain(3, new(2026, 6, 2)) with { Status = "withdrawn" },
            Facts.Plain(4, new(2026, 6, 3)),
        ];
        IdrResult result = IdrFile.Write(facts, Codes, From, To);
        Assert.Equal((3, 2, 1), (result.Rows, result.DayUnknown, result.LeftOut));
        Assert.Equal(
            [
                "TS000004,B1,N0,N1,,,1,C03,03/06/2026,,,N9,P11,I07,,",
                "TS000001,B1,N0,N1,,,2,C03,01/08/2026,,,N9,P11,I07,O9,",
                "TS000002,B1,N0,N1,,,2,C03,02/08/2026,,,N9,P11,I07,O1,",
            ],
            Lines(result)[1..]);
    }

    [Fact]
    public void An_element_of_which_the_table_wants_several_has_a_column_for_each()
    {
        string[] lines = Lines(IdrFile.Write([Facts.Plain(1, new(2026, 9, 3))], Read(Table + "\ncolumns,issue,3\ncolumns,outcome,2\ncolumn,issue_2,Second issue\n"), From, To));
        Assert.EndsWith(",product,issue_1,Second issue,issue_3,outcome_1,outcome_2,monetary_remedy", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",P11,I07,,,,,", lines[1], StringComparison.Ordinal);
        PipelineFault fault = Assert.Throws<PipelineFault>(() => Read(Table + "\ncolumns,brand,3\n"));
        Assert.Contains("line 15: found 'columns,brand,3', expected columns, one of product, issue, outcome", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_without_code_is_left_blank_and_counted()
    {
        IdrResult result = IdrFile.Write([Facts.Plain(1, new(2026, 9, 3)) with { Channel = null }, Facts.Plain(2, new(2026, 9, 4)) with { Business = Facts.Coded("GOLD") }], Codes, From, To);
        Assert.Equal(1, result.Missing[("channel", "not_stated")]);
        Assert.Equal(1, result.Missing[("product", "GOLD")]);
        Assert.Equal(2, result.Missing.Count);
    }

    [Fact]
    public void A_table_with_other_columns_or_a_value_twice_is_refused()
    {
        Assert.Throws<PipelineFault>(() => Read("a,b\n"));
        Assert.Throws<PipelineFault>(() => Read("element,value,code\nstatus,open,1\nstatus,open,2\n"));
    }
}
