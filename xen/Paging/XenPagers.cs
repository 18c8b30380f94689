using System.Collections.Concurrent;
using System.Globalization;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>The pagers of this host, and the folder of their page files.</summary>
internal sealed class XenPagers(IPagingProgram program, string folder, TimeProvider time)
{
    /// <summary>Where Xen's own tools keep them.</summary>
    public const string StandardFolder = "/var/lib/xen/xenpaging";

    private readonly ConcurrentDictionary<int, XenPaging> _pagers = [];
    private volatile string? _never;

    /// <summary>Why a domain cannot be paged; <see langword="null"/> when it may be tried.</summary>
    public string? WhyNot(DomainRecord record) => PagerReasons.For(record) ?? _never ?? program.WhyNot;

    public XenPaging Of(int domid) => _pagers.GetOrAdd(domid, static (number, pagers) => pagers.Make(number), this);

    /// <summary>Removes page files that no pager holds any more: of domains that ended with a host that crashed.</summary>
    public void Sweep(IReadOnlyCollection<int> alive)
    {
        foreach (var domid in _pagers.Keys.Where(domid => !alive.Contains(domid)))
            _pagers.TryRemove(domid, out _);
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, "actors-*"))
        {
            var number = Path.GetFileNameWithoutExtension(file)["actors-".Length..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) && program.Find(domid) is null)
                File.Delete(file);
        }
    }

    private XenPaging Make(int domid)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"actors-{domid}"));
        return new XenPaging(domid, program, $"{file}.page", $"{file}.log", time, NotBuilt);
    }

    // What the hypervisor was built without it will not learn while it runs.
    private void NotBuilt() => _never = PagerReasons.NotBuilt;
}
