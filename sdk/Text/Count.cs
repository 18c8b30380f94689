namespace Actors.Sdk.Text;

/// <summary>A number of things, in words.</summary>
internal static class Count
{
    public static string Of(int count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";
}
