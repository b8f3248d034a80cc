using Pipeline.Models.RootCauses;
using Pipeline.Models.Taxonomy;
using Pipeline.Models.Text;
using Pipeline.Reports.Sheets;
using Pipeline.Reports.Workbooks.RootCause;

namespace Pipeline.Reports;

/// <summary>The remediation register as a workbook of its own, to be edited and imported.</summary>
public static class RegisterWorkbook
{
    /// <param name="words">Branches and open classes that the ledger knows; its day is not used.</param>
    public static byte[] Write(RemediationRegister register, string source, ComplaintTaxonomy taxonomy, RegisterVocabulary words, Language language)
    {
        string title = language == Language.Zh ? "溯源整改登记簿" : "Remediation register";
        Book book = new(
            new BookProperties(title, title, source, $"register; version {register.Version}", $"{source} {register.Version}", language == Language.Zh ? "zh-CN" : "en", new DateOnly(2020, 1, 1), language == Language.Zh ? "工作稿" : "working copy"),
            new PageMarks(source, title, "", ""), language == Language.Zh ? "Microsoft YaHei" : "Arial");
        Sheet sheet = book.Add(new Sheet(RegisterSheet.Name(language), title));
        Sheet lists = book.Add(new Sheet(language == Language.Zh ? "登记选项" : "Register lists", title));
        sheet.Row(Cell.Of(title, Styles.Title));
        lists.Row(Cell.Of(title, Styles.Title));
        RegisterSheet.Fill(
            sheet, lists, register,
            new RegisterChoices(Classes(Dimensions.Cause), Classes(Dimensions.Business), [.. words.Branches.Order(StringComparer.Ordinal)]), taxonomy, language);
        return book.Write();

        IReadOnlyList<string> Classes(string dimension) => taxonomy.Dimension(dimension) is { Open: false } closed
            ? [.. closed.Classes.Select(x => x.Label.In(language))]
            : [.. words.OpenClasses.GetValueOrDefault(dimension)?.Order(StringComparer.Ordinal).Select(m => taxonomy.Label(dimension, m, language)) ?? []];
    }
}
