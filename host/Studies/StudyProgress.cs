namespace Actors.Host.Studies;

/// <summary>The progress of a study, as a bar.</summary>
internal static class StudyProgress
{
    private const int Width = 30;

    public static string Text(int done, int runs)
    {
        var filled = (int)((long)Width * done / runs);
        return $"[{new string('#', filled)}{new string('.', Width - filled)}] {done} of {runs} runs";
    }
}
