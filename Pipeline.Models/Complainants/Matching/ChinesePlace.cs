using System.Buffers;

namespace Pipeline.Models.Complainants.Matching;

/// <summary>A Chinese address by its levels; a level that is not written is empty.</summary>
internal sealed record ChinesePlace(string Province, string City, string District, string Rest)
{
    private static readonly SearchValues<char> ProvinceEnds = SearchValues.Create("省");
    private static readonly SearchValues<char> CityEnds = SearchValues.Create("市州盟");
    private static readonly SearchValues<char> DistrictEnds = SearchValues.Create("区县旗市");

    /// <summary>Null where the text is not Chinese.</summary>
    internal static ChinesePlace? Of(string compact)
    {
        if (!NameLexicon.IsChinese(compact))
        {
            return null;
        }
        ReadOnlySpan<char> rest = compact;
        string province = "";
        int region = compact.IndexOf("自治区", StringComparison.Ordinal);
        if (region is > 0 and < 10)
        {
            province = compact[..(region + 3)];
            rest = rest[(region + 3)..];
        }
        else
        {
            province = Take(ref rest, ProvinceEnds, 8);
        }
        string city = Take(ref rest, CityEnds, 12);
        string district = Take(ref rest, DistrictEnds, 12);
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

    private static string Take(ref ReadOnlySpan<char> rest, SearchValues<char> ends, int longest)
    {
        int end = rest[..Math.Min(longest, rest.Length)].IndexOfAny(ends);
        if (end < 1)
        {
            return "";
        }
        string level = rest[..(end + 1)].ToString();
        rest = rest[(end + 1)..];
        return level;
    }
}
