using System.Text.RegularExpressions;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Registry;

/// <summary>
/// The value of <c>memory-policy/actor</c>: <c>xl</c> (the default policy), <c>xl:NAME</c> (that policy or actor),
/// <c>NAME</c> or <c>NAME:ARGUMENT</c> (that actor, loaded here or external).
/// </summary>
internal sealed partial record ActorKey(bool IsXl, string Name, string Argument)
{
    public const string Xl = "xl";

    /// <summary>An absent key means <c>xl</c>.</summary>
    public static (ActorKey? Key, string? Error) Parse(string? text)
    {
        if (text is null or Xl)
            return (new ActorKey(IsXl: true, "", ""), null);
        if (text.Length == 0)
            return (null, "the actor key is empty: remove it for the default policy, or write 'xl', 'xl:POLICY' or 'ACTOR'");
        var match = Grammar().Match(text);
        if (!match.Success)
            return (null, $"the actor key '{Printable.Of(text, limit: 64)}' is malformed: expected 'xl', 'xl:POLICY', 'ACTOR' or 'ACTOR:ARGUMENT'");
        var (name, argument) = (match.Groups["name"].Value, match.Groups["argument"].Value);
        if (name != Xl)
            return (new ActorKey(IsXl: false, name, argument), null);
        return NameGrammar().IsMatch(argument)
            ? (new ActorKey(IsXl: true, argument, ""), null)
            : (null, $"the actor key '{Printable.Of(text, limit: 64)}' is malformed: 'xl:' takes the name of one policy or actor");
    }

    public override string ToString() => (IsXl, Name, Argument) switch
    {
        (true, "", _) => Xl,
        (true, var name, _) => $"{Xl}:{name}",
        (_, var name, "") => name,
        var (_, name, argument) => $"{name}:{argument}",
    };

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9._-]{0,63})(:(?<argument>[\x20-\x7E]{1,256}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NameGrammar();
}
