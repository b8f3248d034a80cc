using Pipeline.Models.Complaints;

namespace Pipeline.Reports.Workbooks;

/// <summary>Who decided the labels that a table counts by.</summary>
internal static class LabelBases
{
    /// <summary>How many of the month's complaints have the label by the model, by the export and by an analyst, and how many have none.</summary>
    /// <param name="name">What the label is called within a sentence.</param>
    public static string Of(Composer c, string name, Func<ComplaintFact, HeadLabel> label)
    {
        int all = c.Report.Cases.Count;
        int By(LabelBasis basis) => c.Report.Cases.Count(r => label(r.Fact).Class is not null && label(r.Fact).Basis == basis);
        (int model, int export, int analyst) = (By(LabelBasis.Predicted), By(LabelBasis.Reported), By(LabelBasis.Analyst));
        int none = all - model - export - analyst;
        if (all > 0 && model == all)
        {
            return c.T($"本月 {all} 件投诉的{name}全部由模型判定，来源未载。", $"The model decided the {name} of all {all} complaints of the month: the source states none.");
        }
        return c.T(
            $"本月 {all} 件投诉的{name}：模型预测 {model} 件，导出编码 {export} 件，人工认定 {analyst} 件{(none > 0 ? $"，未定 {none} 件" : "")}。",
            $"By whom the {name} of the month's {all} complaints was decided: model {model}, coded in the export {export}, analyst {analyst}{(none > 0 ? $", not decided {none}" : "")}.");
    }
}
