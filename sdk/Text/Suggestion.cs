namespace Actors.Sdk.Text;

/// <summary>Finds the word that the user probably meant.</summary>
internal static class Suggestion
{
    /// <summary>Returns the most similar known word, if it is similar enough to be a typo.</summary>
    public static string? For(string word, IEnumerable<string> known) => known
        .Select(candidate => (text: candidate, far: Math.Max(1, (word.Length + candidate.Length) / 6)))
        .Where(candidate => Math.Abs(word.Length - candidate.text.Length) <= candidate.far)
        .Select(candidate => (candidate: candidate.text, candidate.far, distance: Distance(word.ToLowerInvariant(), candidate.text.ToLowerInvariant())))
        .Where(pair => pair.distance <= pair.far)
        .OrderBy(pair => pair.distance)
        .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
        .Select(pair => pair.candidate)
        .FirstOrDefault();

    // Edits (insert, delete, replace, swap of neighbours) between two words.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replace, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
