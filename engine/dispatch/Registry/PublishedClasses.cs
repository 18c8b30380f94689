using System.Globalization;
using System.Text.Json;
using Actors.Dispatch.Domains;
using Actors.XenStore;

namespace Actors.Dispatch.Registry;

/// <summary>The classes in xenstore, for commands: <c>/tool/actors/classes/N</c>, each as JSON.</summary>
internal static class PublishedClasses
{
    private const string Folder = PolicyKeys.Host + "/classes";

    public static async ValueTask WriteAsync(IXenStore store, DomainClasses classes, CancellationToken cancellation)
    {
        await store.MakeDirectoryAsync(Folder, cancellation);
        for (var number = 0; number < classes.All.Count; number++)
            await store.WriteTextAsync(Path(number), JsonSerializer.Serialize(classes.All[number], DomainClassJson.Compact.DomainClass), cancellation);
        foreach (var name in await store.ListAsync(Folder, cancellation))
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= classes.All.Count)
                await store.RemoveAsync($"{Folder}/{name}", cancellation);
        }
    }

    public static async ValueTask<DomainClasses> ReadAsync(IXenStore store, CancellationToken cancellation)
    {
        var classes = new List<DomainClass>();
        while (await store.TryReadTextAsync(Path(classes.Count), cancellation) is { } text && TryParse(text) is { } next)
            classes.Add(next);
        return new DomainClasses(classes);
    }

    // A daemon of another version may publish something else.
    private static DomainClass? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, DomainClassJson.Compact.DomainClass);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Path(int number) => string.Create(CultureInfo.InvariantCulture, $"{Folder}/{number}");
}
