using System.Text;
using Pipeline.Models.Complainants.Matching;

namespace Pipeline.Models.Complainants;

/// <summary>
/// The weights by which complaints are matched, learned once and kept: months that come later are judged by the same weights until there is reason
/// to learn again, so that what stands need not be judged anew.
/// </summary>
public sealed class PersonModel
{
    private const int Version = 1;

    private PersonModel(LearnedParameters parameters, MatchSchema schema)
    {
        Parameters = parameters;
        Schema = schema;
        Weights = new MatchModel(schema.Fields.Count) { Prior = parameters.Prior };
        for (int at = 0; at < parameters.M.Length; at++)
        {
            (int field, Agreement level) = (at / Agreements.Count, (Agreement)(at % Agreements.Count));
            Weights.SetM(field, level, parameters.M[at]);
            Weights.SetU(field, level, parameters.U[at]);
        }
    }

    /// <value>The schema, with the number of persons from which on a contact is shared.</value>
    public MatchSchema Schema { get; }

    /// <value>Complaints that it was learned from.</value>
    public int Complaints => Parameters.Records;

    /// <value>Prior, m and u; rarities are not in it.</value>
    public MatchModel Weights { get; }

    internal LearnedParameters Parameters { get; }

    /// <summary>The weights as the complaints teach them; null where there are too few complaints that show somebody.</summary>
    /// <param name="sign">The sign by which a value is kept, by field and hash of the value; one way.</param>
    public static PersonModel? Learn(
        IReadOnlyList<ComplainantEvidence> complaints, Func<ComplainantEvidence, string[]> cells, MatchSchema schema, NameLexicon lexicon,
        int sharedContactMinPersons, Func<int, ulong, ulong> sign, int threads, CancellationToken cancellation)
    {
        PersonClusters exact = Recognition.Cluster(complaints, sharedContactMinPersons);
        if (exact.Links.Count < PersonRecognition.FewestComplaints)
        {
            return null;
        }
        Dictionary<long, ComplainantEvidence> shown = complaints.ToDictionary(c => c.ComplaintId);
        MatchSchema own = schema.WithSharedMinPersons(sharedContactMinPersons);
        MatchTableBuilder builder = new(own, lexicon, 1);
        foreach (PersonLink link in exact.Links)
        {
            builder.Add(0, cells(shown[link.ComplaintId]));
        }
        LearnedMatches learned = PersonMatcher.Learn(builder.Build(), [.. exact.Links.Select(l => l.Person)], threads, cancellation);
        return new PersonModel(LearnedParameters.Of(learned, sign), own);
    }

    /// <summary>Everything that was learned; numbers keep every bit.</summary>
    public byte[] Write()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(Parameters.Records);
        writer.Write(Parameters.Prior);
        writer.Write(Parameters.Parent.Length);
        for (int field = 0; field < Parameters.Parent.Length; field++)
        {
            writer.Write(Parameters.Parent[field]);
            writer.Write(Parameters.GivenParent[field]);
            for (int level = 0; level < Agreements.Count; level++)
            {
                writer.Write(Parameters.M[(field * Agreements.Count) + level]);
                writer.Write(Parameters.U[(field * Agreements.Count) + level]);
            }
            FieldRarity rarity = Parameters.Rarity[field];
            writer.Write(rarity.Scale.Total);
            writer.Write(rarity.Scale.One);
            writer.Write(rarity.Scale.Two);
            writer.Write(rarity.Users.Count);
            foreach ((ulong sign, int users) in rarity.Users.OrderBy(u => u.Key))
            {
                writer.Write(sign);
                writer.Write(users);
            }
        }
        writer.Write(Parameters.Limits.Count);
        foreach (int limit in Parameters.Limits)
        {
            writer.Write(limit);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <param name="sign">The function that it was learned with.</param>
    /// <exception cref="InvalidDataException">It is of another version, or was learned with another schema.</exception>
    public static PersonModel Read(byte[] bytes, MatchSchema schema, int sharedContactMinPersons, Func<int, ulong, ulong> sign)
    {
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        int version = reader.ReadInt32();
        if (version != Version)
        {
            throw new InvalidDataException($"the kept model of persons has version {version}, not {Version}");
        }
        int records = reader.ReadInt32();
        double prior = reader.ReadDouble();
        int fields = reader.ReadInt32();
        if (fields != schema.Fields.Count)
        {
            throw new InvalidDataException($"the kept model of persons has {fields} fields, the schema {schema.Fields.Count}");
        }
        double[] m = new double[fields * Agreements.Count];
        double[] u = new double[m.Length];
        int[] parent = new int[fields];
        float[] givenParent = new float[fields];
        FieldRarity[] rarity = new FieldRarity[fields];
        for (int field = 0; field < fields; field++)
        {
            parent[field] = reader.ReadInt32();
            givenParent[field] = reader.ReadSingle();
            for (int level = 0; level < Agreements.Count; level++)
            {
                m[(field * Agreements.Count) + level] = reader.ReadDouble();
                u[(field * Agreements.Count) + level] = reader.ReadDouble();
            }
            RarityScale scale = new(reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());
            int count = reader.ReadInt32();
            Dictionary<ulong, int> users = new(count);
            for (int i = 0; i < count; i++)
            {
                ulong value = reader.ReadUInt64();
                users[value] = reader.ReadInt32();
            }
            rarity[field] = new FieldRarity(scale, users);
        }
        int[] limits = new int[reader.ReadInt32()];
        for (int rule = 0; rule < limits.Length; rule++)
        {
            limits[rule] = reader.ReadInt32();
        }
        return new PersonModel(
            new LearnedParameters(records, prior, m, u, parent, givenParent, rarity, limits, sign), schema.WithSharedMinPersons(sharedContactMinPersons));
    }

    /// <value>The largest block that is compared, by rule.</value>
    public IReadOnlyList<int> Limits => Parameters.Limits;
}
