using System.Buffers;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>A Chinese address by its levels; a level that is not written is empty.</summary>
internal sealed record ChinesePlace(string Province, string City, string District, string Rest)
{
    private static readonly SearchValues<char> DistrictEnds = SearchValues.Create("区县旗市");

    /// <summary>Null where the text is not Chinese.</summary>
    internal static ChinesePlace? Of(string compact)
    {
        if (!NameLexicon.IsChinese(compact))
        {
            return null;
        }
        ReadOnlySpan<char> rest = compact;
        string province = Through(ref rest, "自治区", 10) ?? Through(ref rest, "省", 8) ?? "";
        string city = Through(ref rest, "自治州", 16) ?? Through(ref rest, "市", 10) ?? Through(ref rest, "地区", 8) ?? Through(ref rest, "盟", 8) ?? "";
        int end = rest.Length < 2 ? -1 : rest[1..Math.Min(12, rest.Length)].IndexOfAny(DistrictEnds);
        string district = end < 0 ? "" : rest[..(end + 2)].ToString();
        rest = rest[district.Length..];
        return new ChinesePlace(province, city, district, rest.ToString());
    }

    /// <summary>The levels agree where both write them.</summary>
    internal static Agreement Compare(ChinesePlace a, ChinesePlace b)
    {
        if (Differ(a.Province, b.Province) || Differ(a.City, b.City))
        {
            return Agreement.Different;
        }
        bool sameDistrict = a.District.Length > 0 && a.District == b.District;
        if (!sameDistrict)
        {
            return a.City.Length > 0 && a.City == b.City ? Agreement.Similar : Agreement.Different;
        }
        if (a.Rest.Length == 0 || b.Rest.Length == 0)
        {
            return Agreement.Near;
        }
        int most = Math.Max(1, Math.Max(a.Rest.Length, b.Rest.Length) / 5);
        return Similarity.EditDistance(a.Rest, b.Rest, most) <= most ? Agreement.Near : Agreement.Similar;
    }

    private static bool Differ(string a, string b) => a.Length > 0 && b.Length > 0 && a != b;

    /// <summary>What stands up to and with an ending among the first characters, taken off; null where there is no such ending.</summary>
    private static string? Through(ref ReadOnlySpan<char> rest, string ending, int longest)
    {
        int at = rest[..Math.Min(longest, rest.Length)].IndexOf(ending);
        if (at < 1)
        {
            return null;
        }
        string level = rest[..(at + ending.Length)].ToString();
        rest = rest[level.Length..];
        return level;
    }
}
