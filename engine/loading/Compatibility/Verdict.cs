
namespace Actors.Loading.Compatibility;

/// <summary>Whether a plugin fits this host.</summary>
internal enum Fit
{
    Fits,
    TooNew,
    TooOld,
    NotAPlugin,

    /// <summary>It would fit, but somebody may have tampered with it.</summary>
    NotTrusted,
}

/// <summary>Whether a plugin fits this host, decided before any of its code is loaded, and why not, each problem with what to do.</summary>
internal sealed record Verdict(Fit Fit, IReadOnlyList<string> Problems)
{
    public bool Fits => Fit == Fit.Fits;

    /// <summary>The verdict in a word or three.</summary>
    public string Word => WordOf(Fit);

    /// <summary>The verdict in one line.</summary>
    public string Line => Problems.Count switch
    {
        0 => Word,
        1 => $"{Word}: {Problems[0]}",
        var count => $"{Word}: {Problems[0]} (and {count - 1} more problems; 'actors plugin validate' shows them)",
    };

    public static Verdict Of(Fit fit, params string[] problems) => new(fit, problems);

    public static string WordOf(Fit fit) => fit switch
    {
        Fit.Fits => "fits",
        Fit.TooNew => "too new",
        Fit.TooOld => "too old",
        Fit.NotAPlugin => "not a plugin",
        _ => "not trusted",
    };
}
