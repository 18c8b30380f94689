namespace Actors.Host.Tests.Chains.Scripts.Processes;

/// <summary>Scripts that a compiler does not survive, or not in time.</summary>
internal static class HostileSources
{
    /// <summary>Its lambdas fit several overloads each, so that the compiler tries all combinations. It is short and hardly nested.</summary>
    public static string Spins { get; } = $$"""
        class A { {{string.Concat(Types.Select(type => $"public static {type} F(Func<{type}> f) => default; "))}} }
        var x = {{Repeat("A.F(() => ", 24)}}1{{Repeat(")", 24)}};
        return await Run("balloon");
        """;

    /// <summary>Nested so deeply that the compiler's stack is full.</summary>
    public static string Overflows { get; } = $"var f = 1{Repeat(".ToString().Length", 6000)};\nreturn await Run(\"balloon\");";

    /// <summary>So large that the compiler needs more memory than it gets in a test.</summary>
    public static string Large { get; } = string.Concat(Enumerable.Range(0, 12_000).Select(index => $"var v{index} = new {{ A{index} = {index}, B = (1, {index}) }};\n"));

    private static string[] Types => ["int", "long", "string", "double", "decimal", "bool"];

    public static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
