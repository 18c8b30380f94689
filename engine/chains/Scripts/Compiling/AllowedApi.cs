using Actors.Scripting;
using Microsoft.CodeAnalysis;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>The parts of .NET and of this program that a script may use, and what to use instead of the others.</summary>
internal static class AllowedApi
{
    private static readonly HashSet<string> Namespaces = ["Actors.Scripting", "System.Collections.Generic"];

    private static readonly HashSet<string> Types =
    [
        .. Names("Actors.Sdk", "Kib Pages Outcome OutcomeKind DomainKind DomainState HostMemory"),
        .. Names("System", """
            Object String Boolean Byte SByte Char Int16 UInt16 Int32 UInt32 Int64 UInt64 Single Double Decimal Void Enum ValueType Nullable
            Math TimeSpan DateTime DateTimeOffset DateTimeKind DateOnly TimeOnly DayOfWeek Guid Array Index Range Tuple ValueTuple
            Action Func Predicate Comparison IComparable IEquatable IDisposable IFormattable IFormatProvider StringComparison StringComparer
            StringSplitOptions Convert Random Exception ArgumentException ArgumentNullException ArgumentOutOfRangeException
            InvalidOperationException NotSupportedException FormatException OverflowException DivideByZeroException TimeoutException
            InvalidCastException IndexOutOfRangeException NullReferenceException MidpointRounding
            """),
        .. Names("System.Collections", "IEnumerable IEnumerator"),
        .. Names("System.Globalization", "CultureInfo NumberStyles"),
        .. Names("System.Linq", "Enumerable IGrouping ILookup Lookup IOrderedEnumerable"),
        .. Names("System.Text", "StringBuilder"),
        .. Names("System.Threading.Tasks", "Task ValueTask"),
    ];

    // Members that are not allowed, of types that are.
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
        ["System.Threading.Tasks.Task.ConfigureAwait"] = "it is not needed here: omit it",
        ["System.Threading.Tasks.ValueTask.Result"] = Blocks,
        ["System.Threading.Tasks.ValueTask.GetAwaiter"] = Blocks,
        ["System.Array.CreateInstance"] = Inside,
        ["System.String.Intern"] = "the text would stay in memory forever",
        ["System.Globalization.CultureInfo.CurrentCulture"] = Culture,
        ["System.Globalization.CultureInfo.DefaultThreadCurrentCulture"] = Culture,
        ["System.Globalization.CultureInfo.CurrentUICulture"] = Culture,
        ["System.Globalization.CultureInfo.DefaultThreadCurrentUICulture"] = Culture,
    };

    // A longer prefix comes before a shorter one.
    private static readonly (string Prefix, string Instead)[] Others =
    [
        ("System.IO", "a policy does not read or write files: it can use Domain, Host, Now, Steps and Engaged"),
        ("System.Net", "a policy does not use the network; write an actor (a plugin) for that"),
        ("System.Diagnostics", "a policy does not start programs; write an actor (a plugin) for that"),
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
        ("System.Environment", "a policy does not read the process or its machine: use Host, Domain and Now"),
        ("System.Console", "a policy does not write to stdout: use Log(\"…\")"),
        ("System.TimeZoneInfo", Clock),
        ("System.TimeProvider", Clock),
        ("System.Linq.ParallelEnumerable", Threads),
        ("System.Text.RegularExpressions", "regular expressions can run forever: use StartsWith, EndsWith, Contains and Split"),
        ("Actors.Sdk", "only plugins can use this: a policy acts through await Run(\"NAME\")"),
    ];

    private const string Clock = "it is not the clock of the host or the simulation: use Now, Time, Day or Between(\"22:00\", \"06:00\")";
    private const string Chance = "a run must be repeatable: use new Random(SEED), with Domain.Domid as the seed";
    private const string Inside = "it gives access to the internals of the program";
    private const string Threads = "a policy does not start threads: let steps do the work with await Run(\"NAME\")";
    private const string Pause = "use await Wait(30.Seconds())";
    private const string Blocks = "it would block the host: use await";
    private const string Culture = "it would change the host: use CultureInfo.InvariantCulture";

    /// <summary>Why a script may not use a symbol; <see langword="null"/> if it may.</summary>
    public static string? Refusal(ISymbol symbol)
    {
        var type = Outermost(symbol as INamedTypeSymbol ?? symbol.ContainingType);
        if (type is null)
            return null;
        var space = type.ContainingNamespace.ToDisplayString();
        var name = $"{space}.{type.Name}";
        if (type.Name == nameof(ScriptGuard) && space == "Actors.Scripting")
            return $"only the host can use '{nameof(ScriptGuard)}'";
        if (!Namespaces.Contains(space) && !Types.Contains(name))
            return $"'{name}' is not available to policies: {Others.FirstOrDefault(other => name.StartsWith(other.Prefix, StringComparison.Ordinal)).Instead ?? "docs/policies.md lists what is"}";
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 } && name == "System.Random")
            return $"'new Random()' is not available to policies: {Chance}";
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && name == "System.Threading.Tasks.Task")
            return "'new Task' is not available to policies: nothing would start it, so it would never end; use an async function";
        return Members.TryGetValue($"{name}.{symbol.Name}", out var instead) && symbol is not INamedTypeSymbol ? $"'{type.Name}.{symbol.Name}' is not available to policies: {instead}" : null;
    }

    private static INamedTypeSymbol? Outermost(INamedTypeSymbol? type)
    {
        while (type?.ContainingType is { } outer)
            type = outer;
        return type;
    }

    private static IEnumerable<string> Names(string space, string names) =>
        names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(name => $"{space}.{name}");
}
