namespace Actors.Loading.Compatibility;

/// <summary>Whether a plugin fits this host.</summary>
internal enum Fit
{
    Fits,
    TooNew,
    TooOld,
    NotAPlugin,

    /// <summary>It would fit, but someone may have tampered with it.</summary>
    NotTrusted,
}

/// <summary>Whether a plugin fits this host, decided before any of its code is loaded, and all reasons why it does not, each with what to do.</summary>
internal sealed record Verdict(Fit Fit, IReadOnlyList<string> Problems)
{
    public bool Fits => Fit == Fit.Fits;

    /// <summary>The verdict in one to three words.</summary>
    public string Word => WordOf(Fit);

    /// <summary>The verdict in one line.</summary>
    public string Line => Problems.Count switch
    {
        0 => Word,
        1 => $"{Word}: {Problems[0]}",
        var count => $"{Word}: {Problems[0]} (and {count - 1} more problems; 'actors plugin validate' shows them)",
    };

    public static Verdict Of(Fit fit, params string[] problems) => new(fit, problems);

    /// <summary>This verdict after problems that matter more.</summary>
    public Verdict After(Fit fit, IReadOnlyList<string> problems) => problems.Count == 0 ? this : new Verdict(fit, [.. problems, .. Problems]);

    public static string WordOf(Fit fit) => fit switch
    {
        Fit.Fits => "fits",
        Fit.TooNew => "too new",
        Fit.TooOld => "too old",
        Fit.NotAPlugin => "not a plugin",
        _ => "not trusted",
    };
}
