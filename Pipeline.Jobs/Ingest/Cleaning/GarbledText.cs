using System.Buffers;

namespace Pipeline.Jobs.Ingest.Cleaning;

/// <summary>Text that was once decoded with the wrong encoding. It is flagged and left as it came: a repair would be a guess.</summary>
public static class GarbledText
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create('\uFFFD', '锟', 'Ã', 'â', '烫', '屯');

    private static readonly string[] Proofs =
    [
        "\uFFFD", "锟斤拷", "烫烫烫", "屯屯屯", "Ã©", "Ã¨", "Ã¡", "Ã¼", "Ã±", "Ã¶", "â€™", "â€œ", "â€“", "â€”", "â€¦",
    ];

    public static bool Is(string text)
    {
        if (text.AsSpan().IndexOfAny(Suspects) < 0)
        {
            return false;
        }
        foreach (string proof in Proofs)
        {
            if (text.Contains(proof, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }
}
