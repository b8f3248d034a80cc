namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>One name for every column from one or more header rows.</summary>
internal static class HeaderNames
{
    /// <summary>
    /// The name in the last header row; where that is empty, the one above it. Names that recur get their group before them, and its group while they still recur
    /// (<c>投诉人信息/省</c>); a group's title is carried to the right over the gaps of merged cells. What is still not unique gets a number;
    /// what has no name is <c>column_n</c>.
    /// </summary>
    public static string[] Of(IReadOnlyList<string[]> header, int width)
    {
        string[] names = new string[width];
        for (int column = 0; column < width; column++)
        {
            names[column] = "";
            for (int row = header.Count - 1; row >= 0 && names[column].Length == 0; row--)
            {
                names[column] = Clean(header[row][column]);
            }
        }
        for (int row = header.Count - 2; row >= 0; row--)
        {
            HashSet<string> recurring = [.. names.Where(name => name.Length > 0).GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
            for (int column = 0; column < width; column++)
            {
                string group = recurring.Contains(names[column]) ? Group(header[row], column) : "";
                if (group.Length > 0 && group != names[column] && !names[column].StartsWith(group + "/", StringComparison.Ordinal))
                {
                    names[column] = group + "/" + names[column];
                }
            }
        }
        HashSet<string> taken = [];
        for (int column = 0; column < width; column++)
        {
            string name = names[column].Length > 0 ? names[column] : $"column_{column + 1}";
            names[column] = name;
            for (int number = 2; !taken.Add(names[column]); number++)
            {
                names[column] = $"{name}_{number}";
            }
        }
        return names;
    }

    /// <summary>The title over a column: the nearest cell at or left of it.</summary>
    private static string Group(string[] titles, int column)
    {
        int left = column;
        while (left > 0 && string.IsNullOrWhiteSpace(titles[left]))
        {
            left--;
        }
        return Clean(titles[left]);
    }

    /// <summary>Blanks and line breaks inside a name become one blank each; a byte order mark that was written twice goes.</summary>
    private static string Clean(string cell) => string.Join(' ', cell.Trim('\uFEFF').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
