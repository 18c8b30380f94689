using System.Buffers;
using System.IO.Enumeration;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Dispatch.Registry;

/// <summary>Settings of all domains that match. A key of the domain itself comes first.</summary>
/// <param name="Match">A pattern of names, in which <c>*</c> and <c>?</c> stand for any characters, or a UUID.</param>
/// <param name="File">The name of the file that defines it.</param>
internal sealed record DomainClass(string Match, string File)
{
    private const int MaxPattern = 256;

    private static readonly SearchValues<char> Reserved = SearchValues.Create("[]{}\\/");

    /// <summary>The actor key.</summary>
    public string? Actor { get; init; }

    /// <summary>The time limit of a policy's first step, in seconds.</summary>
    public int? TimeoutSeconds { get; init; }

    public long? FloorKib { get; init; }

    /// <summary>The lowest target that a controller may choose.</summary>
    public long? MinKib { get; init; }

    /// <summary>The highest target that a controller may choose.</summary>
    public long? MaxKib { get; init; }

    /// <summary>The weight when a controller divides memory; 0 excludes the domain.</summary>
    public int? Share { get; init; }

    /// <summary>Whether the class sets anything.</summary>
    [JsonIgnore]
    public bool SetsSomething => (Actor, TimeoutSeconds, FloorKib, MinKib, MaxKib, Share) != (null, null, null, null, null, null);

    public override string ToString() => $"class '{Match}' in {File}";

    /// <summary>Whether a domain belongs to the class. Case matters in names.</summary>
    public bool Matches(string name, Guid uuid) => Guid.TryParseExact(Match, "D", out var wanted)
        ? wanted == uuid
        : Match == "*" || FileSystemName.MatchesSimpleExpression(Match, name, ignoreCase: false);

    /// <summary>Why a text cannot be a pattern; <see langword="null"/> if it can.</summary>
    public static string? PatternProblem(string text)
    {
        if (text.Length > MaxPattern)
            return $"expected at most {MaxPattern} characters";
        var wrong = text.AsSpan().IndexOfAny(Reserved);
        return wrong < 0 ? null : $"'{text[wrong]}' has no meaning in a pattern; '*' stands for any text, and '?' for one character";
    }
}

/// <summary>The classes of the configuration, in its order. The first one that matches counts.</summary>
internal sealed class DomainClasses(IReadOnlyList<DomainClass> classes)
{
    public static DomainClasses None { get; } = new([]);

    public IReadOnlyList<DomainClass> All => classes;

    /// <summary>The class of a domain. Dom0 belongs to none, because a pattern that is meant for guests must not lower what dom0 keeps.</summary>
    public DomainClass? Find(int domid, string? name, Guid uuid) => domid == 0 ? null : classes.FirstOrDefault(one => one.Matches(name ?? "", uuid));
}

[JsonSerializable(typeof(DomainClass))]
internal sealed partial class DomainClassJson : JsonSerializerContext
{
    public static DomainClassJson Compact { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
