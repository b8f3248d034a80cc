using Pipeline.Reports.Sheets;

namespace Pipeline.Reports.Workbooks.Front;

/// <summary>What the numbers were made from: enough to make them again.</summary>
internal static class LineageSheet
{
    private static readonly CellStyle Hash = Styles.Code with { Size = 8 };

    public static void Add(Composer c)
    {
        RunLineage run = c.Report.Lineage;
        Sheet sheet = c.Page(c.Names.Lineage, c.Names.Lineage, c.T("运行、输入文件、模型、规则的版本与校验值", "Run, input files, models and rules with their hashes"));
        void Fact(string label, string value, string hash) => sheet.Row(Cell.Of(label, Styles.Text with { Color = Palette.Muted }), Cell.Of(value), Cell.Of(hash, Hash));
        sheet.Row(Cell.Of(c.T("固定的输入", "What is pinned"), Styles.HeadLeft), Cell.Of(c.T("版本", "Version"), Styles.HeadLeft), Cell.Of("SHA-256", Styles.HeadLeft));
        Fact(c.T("运行编号 / 版次", "Run / edition"), $"{run.RunId} / {run.Edition}", "");
        sheet.Row(
            Cell.Of(c.T("数据截至", "Data as of"), Styles.Text with { Color = Palette.Muted }),
            Cell.Of(run.AsOf, Styles.Date with { Align = CellAlign.Left, Indent = 1 }), Cell.Of("", Hash));
        Fact(c.T("程序", "Program"), run.ProgramVersion, "");
        Fact(c.T("规则", "Rules"), run.RulesVersion, run.RulesSha256);
        Fact(c.T("分类体系", "Taxonomy"), $"{run.TaxonomyId} {run.TaxonomyVersion}", run.TaxonomySha256);
        foreach ((string name, string hash) in run.RuleFiles.Where(r => r.Key is not "rules" and not "taxonomy").OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            Fact(c.T("规则文件", "Rule file"), name, hash);
        }
        foreach (LineageProfile profile in run.Profiles)
        {
            Fact(c.T("导出模板", "Profile"), profile.Name, profile.Sha256);
        }
        if (run.Decisions is { } decisions)
        {
            Fact(c.T("人工判定", "Analysts' decisions"), c.T("标签、身份、隔离区的判定合并校验值", "labels, persons and quarantine, as one hash"), decisions);
        }
        Fact(
            c.T("审计链", "Audit chain"),
            c.Report.Approval is { } approval ? c.T($"发布时的链头，第 {approval.AuditSequence} 号", $"head at approval, number {approval.AuditSequence}") : c.T("发布时固定（本版为草稿）", "pinned when the edition is published (this is a draft)"),
            c.Report.Approval?.AuditHash ?? "");
        sheet.Skip();

        sheet.Row(Cell.Of(c.T($"输入文件（{run.Files.Count}）", $"Input files ({run.Files.Count})"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "LineageFiles",
            [
                new(c.T("文件", "File"), 34, true), new(c.T("模板", "Profile"), 20, true), new("SHA-256", 62, true), new(c.T("编码", "Encoding"), 12, true),
                new(c.T("截至", "As of"), 12), new(c.T("读取", "Read"), 10), new(c.T("新增", "New"), 10), new(c.T("更新", "Updated"), 10),
                new(c.T("未变", "Unchanged"), 11), new(c.T("重复", "Duplicate"), 11), new(c.T("隔离", "Rejected"), 10), new(c.T("警告", "Warnings"), 10),
            ],
            [.. run.Files.Select(f => (IReadOnlyList<Cell>)
            [
                Cell.Of(f.Name), Cell.Of(f.Profile), Cell.Of(f.Sha256, Hash), Cell.Of(f.Encoding), Cell.Of(f.AsOf),
                Cell.Of(f.Read), Cell.Of(f.New), Cell.Of(f.Updated), Cell.Of(f.Unchanged), Cell.Of(f.Duplicate), Cell.Of(f.Rejected), Cell.Of(f.Warnings),
            ])]));
        sheet.Skip();

        sheet.Row(Cell.Of(c.T($"模型（{run.Models.Count}）", $"Models ({run.Models.Count})"), Styles.Section));
        sheet.Table(SheetTable.Of(
            "LineageModels",
            [
                new(c.T("模型", "Model"), 0, true), new(c.T("名称", "Name"), 0, true), new(c.T("训练数据 SHA-256", "Training data SHA-256"), 0, true),
                new(c.T("训练文本数", "Training texts")), new(c.T("测评指标", "Metric"), 0, true), new(c.T("测评值", "Measured")),
            ],
            [.. run.Models.SelectMany(m => m.Metrics.OrderBy(p => p.Key, StringComparer.Ordinal).DefaultIfEmpty(new("", double.NaN))
                .Select(p => (IReadOnlyList<Cell>)
                [
                    Cell.Of(m.ModelId), Cell.Of(m.Name), Cell.Of(m.DataSha256, Hash), Cell.Of(m.Rows), Cell.Of(p.Key),
                    Measured(p.Value),
                ]))]));
    }

    /// <summary>Counts of texts stand among shares.</summary>
    private static Cell Measured(double value) =>
        !double.IsFinite(value) ? Cell.Undefined(Styles.Probability)
        : value > 1 && double.IsInteger(value) ? Cell.Of((decimal)value, Styles.Count)
        : Cell.Of(Math.Round(value, 4), Styles.Probability);
}
