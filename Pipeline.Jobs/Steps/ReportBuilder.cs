using System.Text.Json;
using Npgsql;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Regulatory;
using Pipeline.Jobs.RootCauses;
using Pipeline.Jobs.Store;
using Pipeline.Models.Classification;
using Pipeline.Models.Complaints;
using Pipeline.Models.Measures;
using Pipeline.Models.RootCauses;
using Pipeline.Models.Text;
using Pipeline.Reports;

namespace Pipeline.Jobs.Steps;

/// <summary>Gathers everything that the workbooks of a run print: figures, listed cases, data quality, lineage.</summary>
public static class ReportBuilder
{
    /// <summary>Characters of a narrative that a listing shows.</summary>
    private const int ShownText = 500;

    /// <summary>Characters of an earlier case's narrative that stand behind a number: enough to know the case again.</summary>
    private const int ShownEarlierText = 60;

    public static async Task<MonthReport> BuildAsync(
        NpgsqlConnection connection, KeyRing keys, ReportingMonth month, RunInputs inputs, int edition, RunRules rules,
        FlaggedLedger ledger, RemediationRegister register, CancellationToken cancellation)
    {
        ReportingMonth history = History(ledger, month);
        FigureEngine engine = new([.. ledger.Facts.Select(f => f.Fact)], rules.Taxonomy.Value, rules.Rules.Value, inputs.AsOf, rules.Regulatory.Book,
            KnownEvidence.Of(ledger.Facts.Select(f => (f.Fact, f.Profile))));
        List<ComplaintFact> reported = [.. ledger.Facts.Select(f => f.Fact).Where(f => ReportingMonth.Of(f.Received) is var m && m >= history && m <= month)];
        IReadOnlyList<FigureKey> plan = [.. FigurePlan
            .For(month, history, FigurePlan.Members(rules.Taxonomy.Value, reported, month), rules.Regulatory.Rules.Value.ViewsOf(rules.Taxonomy.Value.Id))
            .Concat(RemediationStep.Keys(register, month, history)).DistinctBy(k => k.Text, StringComparer.Ordinal)];
        EarlierCases? earlier = EarlierCases.Of([.. ledger.Facts.Select(f => f.Fact)], month, history);
        ILookup<CaseGroup, CaseRow> cases = (await CasesAsync(connection, keys, month, inputs.Source, ledger, earlier, cancellation)).ToLookup(c => Group(c.Fact, month));
        LedgerStart? start = LedgerStart.Of(ledger.Near.Select(f => f.Received), month, rules.Rules.Value.ContinuousIntakeShare);
        MonthReport report = new(
            month,
            history,
            inputs.Source,
            await LineageAsync(connection, inputs, edition, rules, cancellation),
            rules.Taxonomy.Value,
            rules.Rules.Value,
            engine.EvaluateAll(plan, Environment.ProcessorCount),
            [.. cases[CaseGroup.OfMonth]],
            await QualityAsync(connection, month, inputs.Source, cancellation))
        {
            OpenEarlier = [.. cases[CaseGroup.OpenEarlier]],
            Earlier = [.. cases[CaseGroup.Earlier]],
            PinnedFrom = earlier?.From,
            Excluded = [.. cases[CaseGroup.Excluded]],
            Corrected = CorrectedHead.Of([.. cases[CaseGroup.OfMonth].Select(r => r.Fact)], await ConfusionsAsync(connection, inputs.Models, cancellation)),
            Regulatory = rules.Regulatory.Book,
            LedgerBegins = start?.Begins,
            BeforeLedger = start?.Earlier,
        };
        return PreFlightCheck.AddTo(report);
    }

    /// <summary>The first month with complaints that is within reach, at most <see cref="FigurePlan.HistoryMonths"/> back.</summary>
    private static ReportingMonth History(FlaggedLedger ledger, ReportingMonth month)
    {
        ReportingMonth earliest = month.Add(-FigurePlan.HistoryMonths);
        ReportingMonth first = ledger.Near.FirstOrDefault() is { } oldest ? ReportingMonth.Of(oldest.Received) : month;
        return first > month ? month : first < earliest ? earliest : first;
    }

    private enum CaseGroup
    {
        OfMonth,
        Excluded,
        OpenEarlier,
        Earlier,
    }

    private static CaseGroup Group(ComplaintFact fact, ReportingMonth month) => (month.Contains(fact.Received), fact.Exclusion is null) switch
    {
        (true, true) => CaseGroup.OfMonth,
        (true, false) => CaseGroup.Excluded,
        (false, true) when fact.Status == "open" => CaseGroup.OpenEarlier,
        _ => CaseGroup.Earlier,
    };

    /// <summary>The complaints of the month, older ones that are still open, and those that are pinned beside them, in order of receipt.</summary>
    private static async Task<IReadOnlyList<CaseRow>> CasesAsync(
        NpgsqlConnection connection, KeyRing keys, ReportingMonth month, string source, FlaggedLedger ledger, EarlierCases? earlier, CancellationToken cancellation)
    {
        Dictionary<long, FlaggedFact> byId = ledger.Facts.ToDictionary(f => f.Fact.ComplaintId);
        List<CaseRow> cases = [];
        await using NpgsqlCommand command = new(Sql.Get("Steps/month_texts"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = month.FirstDay }, new() { Value = month.LastDay }, new() { Value = earlier?.Complaints.Order().ToArray() ?? [] } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            FlaggedFact flagged = byId[row.GetInt64(0)];
            SealedRow content = SealedRow.Read(keys.Open(
                row.GetFieldValue<byte[]>(3), row.GetInt32(2), SealedRow.Place(source, row.GetString(1))));
            string? name = content[SealedRow.Name];
            string text = Masking.FreeText(content[SealedRow.Narrative] ?? "", Identifying(content));
            bool isEarlier = Group(flagged.Fact, month) == CaseGroup.Earlier;
            cases.Add(new CaseRow(
                flagged.Fact,
                flagged.Fact.PersonKey is { } person ? $"P-{person:000000}" : null,
                name is null ? null : Masking.Name(name),
                Beginning(text, isEarlier ? ShownEarlierText : ShownText),
                flagged.File,
                flagged.Line,
                isEarlier ? [] : flagged.Flags));
        }
        return cases;
    }

    /// <summary>What the row itself shows to be personal: masked wherever the narrative repeats it.</summary>
    internal static IEnumerable<string> Identifying(SealedRow content)
    {
        foreach (string field in (string[])[
            SealedRow.Name, SealedRow.IdentityNumber, SealedRow.PhoneContact, SealedRow.PhoneReply, SealedRow.PhoneReserved,
            SealedRow.Email, SealedRow.Account, SealedRow.Address])
        {
            if (content[field] is { } value)
            {
                yield return value;
            }
        }
    }

    /// <summary>At most so many characters; no surrogate pair is torn.</summary>
    private static string Beginning(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");

    private static async Task<QualityReport> QualityAsync(
        NpgsqlConnection connection, ReportingMonth month, string source, CancellationToken cancellation)
    {
        List<QuarantineLine> quarantine = [];
        await using (NpgsqlCommand command = new(Sql.Get("Steps/quarantine"), connection) { Parameters = { new() { Value = source } } })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                quarantine.Add(new QuarantineLine(
                    row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), Text(row, 4), Text(row, 5), Text(row, 6),
                    row.GetString(7), row.GetString(8))
                {
                    CameAgain = row.GetBoolean(9),
                });
            }
        }
        List<WarningLine> lines = [];
        await using (NpgsqlCommand command = new(Sql.Get("Steps/warnings"), connection)
        {
            Parameters = { new() { Value = source }, new() { Value = month.FirstDay }, new() { Value = month.LastDay } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                lines.Add(new WarningLine(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4)));
            }
        }
        List<WarningCount> counts =
        [
            .. lines.GroupBy(l => (l.Code, l.Field))
                .OrderBy(g => g.Key.Code, StringComparer.Ordinal).ThenBy(g => g.Key.Field, StringComparer.Ordinal)
                .Select(g => new WarningCount(g.Key.Code, g.Key.Field, g.Count())),
        ];
        return new QualityReport(quarantine, counts, lines);
    }

    private static async Task<RunLineage> LineageAsync(
        NpgsqlConnection connection, RunInputs inputs, int edition, RunRules rules, CancellationToken cancellation)
    {
        List<LineageFile> files = [];
        await using (NpgsqlCommand command = new(Sql.Get("Steps/lineage_files"), connection) { Parameters = { new() { Value = inputs.Source } } })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                files.Add(new LineageFile(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateOnly>(4),
                    row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11)));
            }
        }
        List<LineageModel> models = [];
        await using (NpgsqlCommand command = new(
            "select model_id, name, data_sha256, rows_count, metrics from model where model_id = any($1) order by model_id", connection)
        {
            Parameters = { new() { Value = inputs.Models.ToArray() } },
        })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                models.Add(new LineageModel(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), Metrics(row.GetString(4))));
            }
        }
        return new RunLineage(
            inputs.RunId, edition, inputs.AsOf, inputs.ProgramVersion, rules.Rules.Value.Version, rules.Rules.Sha256,
            rules.Taxonomy.Value.Id, rules.Taxonomy.Value.Version, rules.Taxonomy.Sha256, files, models)
        {
            RuleFiles = new SortedDictionary<string, string>(inputs.Rules.ToDictionary(), StringComparer.Ordinal),
            Profiles = await ProfilesAsync(connection, inputs.Source, cancellation),
            Decisions = inputs.Decisions,
        };
    }

    /// <summary>What the models that are counted took for what on held-out texts, by head.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<Confusion>>> ConfusionsAsync(
        NpgsqlConnection connection, IReadOnlyList<string> models, CancellationToken cancellation)
    {
        Dictionary<string, IReadOnlyList<Confusion>> confusions = new(StringComparer.Ordinal);
        await using NpgsqlCommand command = new("select bytes from model where model_id = any($1) order by model_id", connection) { Parameters = { new() { Value = models.ToArray() } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            foreach ((string head, IReadOnlyList<Confusion> cells) in ModelFile.ReadCard(row.GetFieldValue<byte[]>(0)).Confusions ?? new Dictionary<string, IReadOnlyList<Confusion>>())
            {
                confusions[head] = cells;
            }
        }
        return confusions;
    }

    private static async Task<IReadOnlyList<LineageProfile>> ProfilesAsync(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        List<LineageProfile> profiles = [];
        await using NpgsqlCommand command = new(Sql.Get("Steps/lineage_profiles"), connection) { Parameters = { new() { Value = source } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            profiles.Add(new LineageProfile(row.GetString(0), row.GetString(1)));
        }
        return profiles;
    }

    /// <summary>Every number of the model's metrics, by its path.</summary>
    private static SortedDictionary<string, double> Metrics(string json)
    {
        SortedDictionary<string, double> numbers = new(StringComparer.Ordinal);
        using JsonDocument document = JsonDocument.Parse(json);
        Collect(document.RootElement, "");
        return numbers;

        void Collect(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Number)
            {
                numbers[path] = element.GetDouble();
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Collect(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}");
                }
            }
        }
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
