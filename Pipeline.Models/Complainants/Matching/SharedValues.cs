namespace Pipeline.Models.Complainants.Matching;

/// <summary>Telephones, addresses and e-mail boxes of an agent, a branch or a company: values that too many differently named persons show.</summary>
internal static class SharedValues
{
    /// <summary>Takes shared values out of <paramref name="values"/> (record-major) and says which they were.</summary>
    /// <param name="isShared">See <see cref="MatchTableBuilder.Build"/>.</param>
    internal static List<SharedValue> SetAside(
        MatchSchema schema, ValuePool[] pools, int[] values, IReadOnlyList<RecordPlace> places, Func<int, ulong, bool>? isShared)
    {
        List<SharedValue> shared = [];
        if (isShared is not null)
        {
            SetAsideKnown(schema, pools, values, isShared);
            return shared;
        }
        for (int field = 0; field < pools.Length; field++)
        {
            int least = schema.Fields[field].SharedMinPersons;
            if (least > 0 && schema.NameField is >= 0 and int nameField)
            {
                Find(schema, pools, values, places, field, nameField, least, shared);
            }
        }
        shared.Sort((a, b) =>
        {
            int order = b.Persons.CompareTo(a.Persons);
            order = order != 0 ? order : string.CompareOrdinal(a.Field, b.Field);
            order = order != 0 ? order : a.Rows[0].Input.CompareTo(b.Rows[0].Input);
            return order != 0 ? order : a.Rows[0].Row.CompareTo(b.Rows[0].Row);
        });
        return shared;
    }

    private static void Find(
        MatchSchema schema, ValuePool[] pools, int[] values, IReadOnlyList<RecordPlace> places, int field, int nameField, int least, List<SharedValue> shared)
    {
        int fields = pools.Length;
        ValuePool pool = pools[field];
        HashSet<int>[] names = new HashSet<int>[pool.Elements.Count];
        List<int>[] users = new List<int>[names.Length];
        for (int record = 0; record < places.Count; record++)
        {
            int value = values[(record * fields) + field];
            if (value < 0)
            {
                continue;
            }
            int name = values[(record * fields) + nameField];
            foreach (int element in pool.Kind == FieldKinds.Phones ? pool.Set(value) : [value])
            {
                (users[element] ??= []).Add(record);
                if (name >= 0)
                {
                    (names[element] ??= []).Add(pools[nameField].SoundClass(name) is >= 0 and int sound ? sound : -2 - pools[nameField].CompactClass(name));
                }
            }
        }
        HashSet<int> found = [];
        for (int element = 0; element < names.Length; element++)
        {
            if (names[element] is { } different && different.Count >= least)
            {
                found.Add(element);
                shared.Add(new SharedValue(schema.Fields[field].Name, different.Count, [.. users[element].Select(r => places[r])]));
            }
        }
        Remove(pool, values, field, fields, found);
    }

    private static void SetAsideKnown(MatchSchema schema, ValuePool[] pools, int[] values, Func<int, ulong, bool> isShared)
    {
        for (int field = 0; field < pools.Length; field++)
        {
            if (schema.Fields[field].SharedMinPersons > 0)
            {
                ValuePool elements = pools[field].Elements;
                HashSet<int> found = [.. Enumerable.Range(0, elements.Count).Where(e => isShared(field, MatchHash.OfText(elements.Text(e))))];
                Remove(pools[field], values, field, pools.Length, found);
            }
        }
    }

    private static void Remove(ValuePool pool, int[] values, int field, int fields, HashSet<int> found)
    {
        for (int at = field; at < values.Length && found.Count > 0; at += fields)
        {
            if (values[at] >= 0)
            {
                values[at] = pool.Kind == FieldKinds.Phones ? pool.Without(values[at], found) : found.Contains(values[at]) ? -1 : values[at];
            }
        }
    }
}
