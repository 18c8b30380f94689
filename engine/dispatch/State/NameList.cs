using System.Text;
using Actors.XenStore;

namespace Actors.Dispatch.State;

/// <summary>
/// A list of names in xenstore, separated by spaces. What does not fit into the value of the node continues in its children <c>1</c>,
/// <c>2</c> and so on.
/// </summary>
internal static class NameList
{
    // Far more than any daemon writes. A damaged store could have any number of them.
    private const int MaxPages = 1000;

    public static async ValueTask WriteAsync(IXenStore store, string path, IEnumerable<string> names, CancellationToken cancellation)
    {
        var pages = Pages(names);
        for (var page = 0; page < pages.Count; page++)
            await store.WriteTextAsync(page == 0 ? path : $"{path}/{page}", pages[page], cancellation);
        foreach (var child in await store.ListAsync(path, cancellation))
        {
            if (!int.TryParse(child, out var page) || page >= pages.Count)
                await store.RemoveAsync($"{path}/{child}", cancellation);
        }
    }

    public static async ValueTask<IReadOnlyList<string>> ReadAsync(IXenStore store, string path, CancellationToken cancellation)
    {
        var names = new List<string>();
        for (var page = 0; page < MaxPages && await store.TryReadTextAsync(page == 0 ? path : $"{path}/{page}", cancellation) is { } text && (page == 0 || text.Length > 0); page++)
            names.AddRange(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return names;
    }

    private static List<string> Pages(IEnumerable<string> names)
    {
        var (pages, page) = (new List<string>(), new StringBuilder());
        foreach (var name in names)
        {
            if (page.Length > 0 && Encoding.UTF8.GetByteCount(page.ToString()) + 1 + Encoding.UTF8.GetByteCount(name) > StoreText.MaxBytes)
            {
                pages.Add(page.ToString());
                page.Clear();
            }
            page.Append(page.Length > 0 ? " " : "").Append(name);
        }
        return [.. pages, page.ToString()];
    }
}
