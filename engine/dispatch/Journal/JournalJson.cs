using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Dispatch.Journal;

[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    // People read the journal as well as programs, so '>' and quotes are not escaped as code points.
    public static JournalJson Readable { get; } = new(OptionsFor(strict: false));

    /// <summary>For reading: another program may have changed the file, so an entry without a name or a reason is rejected.</summary>
    public static JournalJson Strict { get; } = new(OptionsFor(strict: true));

    private static JsonSerializerOptions OptionsFor(bool strict) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = strict,
    };
}
