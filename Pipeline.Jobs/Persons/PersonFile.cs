using Npgsql;
using Pipeline.Jobs.Complainants;
using Pipeline.Jobs.Flags;
using Pipeline.Jobs.Ingest;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Steps;
using Pipeline.Jobs.Store;
using Pipeline.Models.Complaints;
using Pipeline.Models.Flags;
using Pipeline.Models.Flags.Profiles;
using Pipeline.Models.Text;

namespace Pipeline.Jobs.Persons;

/// <summary>A complaint of a person, masked, with why it is his.</summary>
internal sealed record PersonCase(ComplaintFact Fact, string? NameMasked, string TextMasked, LinkEvidence Link, IReadOnlyList<FlagEvidence> Flags);

/// <summary>Somebody who looks like the person and is held apart.</summary>
/// <param name="Case">The person's complaint; <paramref name="OtherCase"/> is the other's.</param>
/// <param name="Kind">What speaks for it; <paramref name="Reason"/> is what speaks against it, see <see cref="Models.Complainants.HeldReasons"/>.</param>
internal sealed record HeldPerson(string Case, string OtherCase, long? Other, string Kind, string Reason, string? Field, MatchWeights? Weights);

/// <summary>A word that names a complaint of the person.</summary>
/// <param name="Overruled">Pairs of complaints of which later words say otherwise.</param>
internal sealed record PersonWord(SaidWord Said, int Overruled);

/// <summary>All that the ledger knows of a person, masked.</summary>
/// <param name="Keys">The keys that stand for him: his own and those that were merged into it.</param>
internal sealed record PersonFile(
    long Key, string Source, IReadOnlyList<long> Keys, IReadOnlyList<PersonCase> Cases, IReadOnlyList<PersonWord> Words,
    IReadOnlyList<IdentityEvent> Events, IReadOnlyList<HeldPerson> Held, ComplainantProfile Profile, RunRules Rules)
{
    public static async Task<PersonFile> LoadAsync(
        NpgsqlConnection connection, KeyRing keys, NamedIdentity person, RunRules rules, string? modelId, CancellationToken cancellation)
    {
        long key = person.Person!.Value;
        Dictionary<long, LinkEvidence> links = await LinksAsync(connection, key, cancellation);
        IReadOnlyList<LedgerFact> facts = await LedgerFacts.OfAsync(
            connection, person.Source, modelId, links.Keys, rules.Taxonomy.Value, rules.Rules.Value, cancellation);
        IReadOnlyDictionary<long, CaseFlags> flags = await FlagStep.JudgeAsync(
            connection, keys, person.Source, [.. facts.Select(f => f.Fact)], rules.Rules.Value, rules.Threats, cancellation);
        Dictionary<long, SealedRow> content = await ContentAsync(connection, keys, person.Source, [.. links.Keys], cancellation);
        PersonCase[] cases = [.. FlaggedLedger.Flagged(facts, flags, rules).Select(fact => new PersonCase(
            fact,
            content[fact.ComplaintId][SealedRow.Name] is { } name ? Masking.Name(name) : null,
            Masking.FreeText(content[fact.ComplaintId][SealedRow.Narrative] ?? "", ReportBuilder.Identifying(content[fact.ComplaintId])),
            links[fact.ComplaintId], flags[fact.ComplaintId].Evidence))];
        List<long> own = await KeysAsync(connection, key, cancellation);
        IReadOnlyList<SaidWord> words = await IdentityWords.LoadAsync(connection, person.Source, cancellation);
        IReadOnlyDictionary<long, int> overruled = IdentityWords.Constraints(words).Overruled;
        HashSet<string> numbers = [.. cases.Select(c => c.Fact.CaseNumber)];
        return new PersonFile(
            key, person.Source, own, cases,
            [.. words.Where(w => w.Word.Cases.Concat(w.Word.Others).Any(numbers.Contains)).Select(w => new PersonWord(w, overruled.GetValueOrDefault(w.Word.WordId)))],
            await IdentityEvents.OfAsync(connection, person.Source, own, cancellation),
            await HeldAsync(connection, key, cancellation),
            await ProfileAsync(connection, person.Source, key, cases, content, rules, cancellation),
            rules);
    }

    private static async Task<Dictionary<long, LinkEvidence>> LinksAsync(NpgsqlConnection connection, long key, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new("select complaint_id, evidence::text from complainant_link where person_key = $1", connection)
        {
            Parameters = { new() { Value = key } },
        };
        Dictionary<long, LinkEvidence> links = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            links.Add(row.GetInt64(0), LinkEvidence.Parse(row.GetString(1)));
        }
        return links;
    }

    private static async Task<Dictionary<long, SealedRow>> ContentAsync(
        NpgsqlConnection connection, KeyRing keys, string source, long[] complaints, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Flags/sealed_texts"), connection) { Parameters = { new() { Value = complaints } } };
        Dictionary<long, SealedRow> content = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            content.Add(row.GetInt64(0), SealedRow.Read(keys.Open(row.GetFieldValue<byte[]>(3), row.GetInt32(2), SealedRow.Place(source, row.GetString(1)))));
        }
        return content;
    }

    private static async Task<List<long>> KeysAsync(NpgsqlConnection connection, long key, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/keys_of"), connection) { Parameters = { new() { Value = key } } };
        List<long> keys = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            keys.Add(row.GetInt64(0));
        }
        return keys;
    }

    private static async Task<IReadOnlyList<HeldPerson>> HeldAsync(NpgsqlConnection connection, long key, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(Sql.Get("Complainants/held_of"), connection) { Parameters = { new() { Value = key } } };
        List<HeldPerson> held = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            held.Add(new HeldPerson(
                row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetString(3), row.GetString(4),
                row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : MatchWeights.Parse(row.GetString(6))));
        }
        return held;
    }

    /// <summary>The profile over all complaints, as the workbook has it of the month's persons; letters in patterns as the runs flagged them.</summary>
    private static async Task<ComplainantProfile> ProfileAsync(
        NpgsqlConnection connection, string source, long key, PersonCase[] cases, Dictionary<long, SealedRow> content, RunRules rules, CancellationToken cancellation)
    {
        string[] texts = [.. content.Values.Select(c => c[SealedRow.Narrative]).OfType<string>()];
        List<string> agent = [];
        await using (NpgsqlCommand shared = new(Sql.Get("Complainants/shared_contacts_of"), connection)
        {
            Parameters = { new() { Value = key }, new() { Value = source } },
        })
        {
            if ((long)(await shared.ExecuteScalarAsync(cancellation))! >= rules.Flags.Organised.Value.ContactMinPersons)
            {
                agent.Add(AgentCues.SharedContact);
            }
        }
        await using (NpgsqlCommand organised = new("select exists (select from flag where kind = 'organised' and complaint_id = any($1))", connection)
        {
            Parameters = { new() { Value = content.Keys.ToArray() } },
        })
        {
            if ((bool)(await organised.ExecuteScalarAsync(cancellation))!)
            {
                agent.Add(AgentCues.Organised);
            }
        }
        IReadOnlyList<string> terms = rules.Flags.Organised.Value.Signals.FirstOrDefault(s => s.Key == AgentCues.AgencyTerms)?.Words ?? [];
        if (texts.Any(t => terms.Any(w => t.Contains(w, StringComparison.OrdinalIgnoreCase))))
        {
            agent.Add(AgentCues.AgencyTerms);
        }
        HashSet<string> vulnerable = [.. texts.SelectMany(rules.Flags.Vulnerable.Value.Kinds)];
        return ComplainantProfile.Of(
            cases.Select(c => c.Fact), cases.Max(c => c.Fact.Received),
            [.. cases.SelectMany(c => c.Flags.SelectMany(f => f.Cues ?? [])).Distinct(StringComparer.Ordinal)],
            agent, [.. rules.Flags.Vulnerable.Value.Cues.Select(c => c.Key).Where(vulnerable.Contains)]);
    }
}
