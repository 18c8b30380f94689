using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Actors.Isolation.Wire;

/// <summary>The bodies of frames.</summary>
internal static class Body
{
    public static ReadOnlyMemory<byte> Of<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <exception cref="WireException">The body is not of this type.</exception>
    public static T Read<T>(Frame frame, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(frame.Body.Span, type) ?? throw new WireException($"the body of '{frame.Verb}' is empty");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or ArgumentException or FormatException or OverflowException)
        {
            throw new WireException($"the body of '{frame.Verb}' is invalid: {error.Message}", error);
        }
    }
}
