using System.Text;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.Shell;
using Pipeline.Models.Complaints;
using Pipeline.Tests.Measures;

namespace Pipeline.Tests.Regulatory;

public sealed class IdrFileTests
{
    private const string Table = """
        element,value,code
        column,unique_identifier,Complaint ID
        status,open,1
        status,closed,2
        channel,hotline,C03
        product,CREDIT,P11
        issue,RULE,I07
        outcome,monetary_remedy,O4
        outcome,explanation,O1
        brand,南京分行,B1
        """;

    private static readonly IdrCodes Codes = IdrCodes.Read("codes.csv", Encoding.UTF8.GetBytes(Table));
    private static readonly DateOnly From = new(2026, 7, 1);
    private static readonly DateOnly To = new(2026, 12, 31);

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
                "Complaint ID,brand,status,method_received,date_received,date_closed,days_to_resolve,product,issue,outcome,monetary_remedy",
                "TS000002,B1,2,C03,20/06/2026,05/07/2026,15,P11,I07,O1,",
                "TS000001,B1,2,C03,03/09/2026,01/10/2026,28,P11,I07,O4,120.50",
                "TS000003,B1,1,C03,20/12/2026,,,P11,I07,,",
            ],
            Lines(result));
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
        Assert.Throws<PipelineFault>(() => IdrCodes.Read("c", Encoding.UTF8.GetBytes("a,b\n")));
        Assert.Throws<PipelineFault>(() => IdrCodes.Read("c", Encoding.UTF8.GetBytes("element,value,code\nstatus,open,1\nstatus,open,2\n")));
    }
}
