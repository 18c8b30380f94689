using Actors.Scripting;
using Microsoft.CodeAnalysis;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>The parts of .NET and of this program that a script has, and what to use instead of those that it has not.</summary>
internal static class Allowed
{
    private static readonly HashSet<string> Namespaces = ["Actors.Scripting", "System.Collections.Generic"];

    private static readonly HashSet<string> Types =
    [
        .. Words("Actors.Sdk", "Kib Pages Outcome OutcomeKind DomainKind DomainState HostMemory"),
        .. Words("System", """
            Object String Boolean Byte SByte Char Int16 UInt16 Int32 UInt32 Int64 UInt64 Single Double Decimal Void Enum ValueType Nullable
            Math TimeSpan DateTime DateTimeOffset DateTimeKind DateOnly TimeOnly DayOfWeek Guid Array Index Range Tuple ValueTuple
            Action Func Predicate Comparison IComparable IEquatable IDisposable IFormattable IFormatProvider StringComparison StringComparer
            StringSplitOptions Convert Random Exception ArgumentException ArgumentNullException ArgumentOutOfRangeException
            InvalidOperationException NotSupportedException FormatException OverflowException DivideByZeroException TimeoutException
            InvalidCastException IndexOutOfRangeException NullReferenceException MidpointRounding
            """),
        .. Words("System.Collections", "IEnumerable IEnumerator"),
        .. Words("System.Globalization", "CultureInfo NumberStyles"),
        .. Words("System.Linq", "Enumerable IGrouping ILookup Lookup IOrderedEnumerable"),
        .. Words("System.Text", "StringBuilder"),
        .. Words("System.Threading.Tasks", "Task ValueTask"),
    ];

    // Of a type that is allowed, but not this.
    private static readonly Dictionary<string, string> Members = new()
    {
        ["System.DateTime.Now"] = Clock,
        ["System.DateTime.UtcNow"] = Clock,
        ["System.DateTime.Today"] = Clock,
        ["System.DateTimeOffset.Now"] = Clock,
        ["System.DateTimeOffset.UtcNow"] = Clock,
        ["System.DateTimeOffset.LocalDateTime"] = Clock,
        ["System.Guid.NewGuid"] = Chance,
        ["System.Random.Shared"] = Chance,
        ["System.Object.GetType"] = Inside,
        ["System.Exception.GetType"] = Inside,
        ["System.Exception.TargetSite"] = Inside,
        ["System.Threading.Tasks.Task.Run"] = Threads,
        ["System.Threading.Tasks.Task.Factory"] = Threads,
        ["System.Threading.Tasks.Task.Start"] = Threads,
        ["System.Threading.Tasks.Task.ContinueWith"] = Threads,
        ["System.Threading.Tasks.Task.Delay"] = Pause,
        ["System.Threading.Tasks.Task.Yield"] = Pause,
        ["System.Threading.Tasks.Task.Wait"] = Blocks,
        ["System.Threading.Tasks.Task.WaitAll"] = Blocks,
        ["System.Threading.Tasks.Task.WaitAny"] = Blocks,
        ["System.Threading.Tasks.Task.Result"] = Blocks,
        ["System.Threading.Tasks.Task.GetAwaiter"] = Blocks,
        ["System.Threading.Tasks.Task.ConfigureAwait"] = "not needed here: leave it out",
        ["System.Threading.Tasks.ValueTask.Result"] = Blocks,
        ["System.Threading.Tasks.ValueTask.GetAwaiter"] = Blocks,
        ["System.Array.CreateInstance"] = Inside,
        ["System.String.Intern"] = "it would stay in memory for ever",
        ["System.Globalization.CultureInfo.CurrentCulture"] = Culture,
        ["System.Globalization.CultureInfo.DefaultThreadCurrentCulture"] = Culture,
        ["System.Globalization.CultureInfo.CurrentUICulture"] = Culture,
        ["System.Globalization.CultureInfo.DefaultThreadCurrentUICulture"] = Culture,
    };

    // The most telling prefix first.
    private static readonly (string Prefix, string Instead)[] Others =
    [
        ("System.IO", "a policy reads and writes no files: what it may look at is Domain, Host, Now, Steps and Engaged"),
        ("System.Net", "a policy does not talk to the network; that is work for an actor, a plugin"),
        ("System.Diagnostics", "a policy starts no programs; that is work for an actor, a plugin"),
        ("System.Threading.Tasks.Parallel", Threads),
        ("System.Threading.Thread", Threads),
        ("System.Threading", Threads),
        ("System.Timers", Pause),
        ("System.Reflection", Inside),
        ("System.Activator", Inside),
        ("System.Type", Inside),
        ("System.Delegate", Inside),
        ("System.MulticastDelegate", Inside),
        ("System.Runtime", Inside),
        ("System.AppDomain", Inside),
        ("System.GC", Inside),
        ("System.Environment", "a policy does not look at the process or its machine: use Host, Domain and Now"),
        ("System.Console", "stdout is not a policy's: tell the operator with Log(\"…\")"),
        ("System.TimeZoneInfo", Clock),
        ("System.TimeProvider", Clock),
        ("System.Linq.ParallelEnumerable", Threads),
        ("System.Text.RegularExpressions", "regular expressions can run for ever: use StartsWith, EndsWith, Contains and Split"),
        ("Actors.Sdk", "that is for plugins: a policy acts through await Run(\"NAME\")"),
    ];

    private const string Clock = "it is not the host's clock, and a simulation's least of all: use Now, Time, Day or Between(\"22:00\", \"06:00\")";
    private const string Chance = "a run must be repeatable: use new Random(SEED), with a seed from Domain.Domid";
    private const string Inside = "it reaches into the program itself";
    private const string Threads = "a policy starts no threads: let steps do the work, await Run(\"NAME\")";
    private const string Pause = "use await Wait(30.Seconds())";
    private const string Blocks = "it would block the host: use await";
    private const string Culture = "it would change the host: use CultureInfo.InvariantCulture";

    /// <summary>Why a script has not got it; <see langword="null"/> when it has.</summary>
    public static string? Refusal(ISymbol symbol)
    {
        var type = Outermost(symbol as INamedTypeSymbol ?? symbol.ContainingType);
        if (type is null)
            return null;
        var space = type.ContainingNamespace.ToDisplayString();
        var name = $"{space}.{type.Name}";
        if (type.Name == nameof(ScriptGuard) && space == "Actors.Scripting")
            return $"'{nameof(ScriptGuard)}' is the host's";
        if (!Namespaces.Contains(space) && !Types.Contains(name))
            return $"'{name}' is not for policies: {Others.FirstOrDefault(other => name.StartsWith(other.Prefix, StringComparison.Ordinal)).Instead ?? "they have what docs/policies.md lists"}";
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 } && name == "System.Random")
            return $"'new Random()' is not for policies: {Chance}";
        return Members.TryGetValue($"{name}.{symbol.Name}", out var instead) && symbol is not INamedTypeSymbol ? $"'{type.Name}.{symbol.Name}' is not for policies: {instead}" : null;
    }

    private static INamedTypeSymbol? Outermost(INamedTypeSymbol? type)
    {
        while (type?.ContainingType is { } outer)
            type = outer;
        return type;
    }

    private static IEnumerable<string> Words(string space, string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(word => $"{space}.{word}");
}
