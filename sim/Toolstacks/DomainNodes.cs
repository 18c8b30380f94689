using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Toolstacks;

/// <summary>The nodes that libxl creates in xenstore for a domain, as dom0 (tools/libs/light/libxl_create.c, libxl_dom.c).</summary>
internal sealed class DomainNodes(IXenStore dom0)
{
    /// <summary>The nodes of its own subtree that the guest owns. It may read the rest.</summary>
    private static readonly string[] OfTheGuest = ["control/shutdown", "data", "drivers", "feature", "attr", "error"];

    public async Task MakeAsync(SimulatedDomain domain, Kib target)
    {
        var (home, vm, spec) = (domain.Home, VmOf(domain), domain.Spec);
        var readable = new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(domain.Domid, NodeAccess.Read));
        var its = new NodePermissions(new NodePermission(domain.Domid, NodeAccess.None));
        await MakeAsync(home, readable);
        await MakeAsync(vm, readable);
        await MakeAsync($"/libxl/{domain.Domid}", new NodePermissions(new NodePermission(0, NodeAccess.None)));
        foreach (var name in OfTheGuest)
            await MakeAsync($"{home}/{name}", its);

        await WriteAsync($"{vm}/uuid", domain.Uuid.ToString());
        await WriteAsync($"{vm}/name", spec.Name);
        await WriteAsync($"{vm}/memory", Number(spec.Memory.Value / 1024));
        await WriteAsync($"/libxl/{domain.Domid}/type", spec.Kind.ToString().ToLowerInvariant());
        await WriteAsync($"{home}/vm", vm);
        await WriteAsync($"{home}/name", spec.Name);
        await WriteAsync($"{home}/domid", Number(domain.Domid));
        await WriteAsync($"{home}/{DomainKeys.StaticMax}", Number(spec.Most.Value));
        await WriteAsync($"{home}/{DomainKeys.BalloonTarget}", Number(target.Value));
        await WriteAsync($"{home}/{DomainKeys.VideoRam}", Number(spec.VideoRam.Value));
        foreach (var key in GuestReportKeys.Of(spec.Guest))
            await MakeAsync($"{home}/{key}", its);
        if (spec.Guest.SelfBalloon is { } selfBalloon)
        {
            await WriteAsync($"{home}/{SelfBalloonKeys.Switch}", selfBalloon.On ? "1" : "0");
            foreach (var key in SelfBalloonKeys.OfTheGuest)
                await MakeAsync($"{home}/{key}", its);
        }
        if (spec.SharingGroup is { } group)
            await WriteAsync($"{home}/{DomainKeys.SharingGroup}", group);
    }

    /// <summary>
    /// Announces the end of the domain to the store and removes its nodes. Nodes that an operator removed already are no error.
    /// </summary>
    public async Task RemoveAsync(SimulatedDomain domain)
    {
        await IfThereAsync(dom0.ReleaseAsync(domain.Domid));
        await IfThereAsync(dom0.RemoveAsync(domain.Home));
        await IfThereAsync(dom0.RemoveAsync(VmOf(domain)));
        await IfThereAsync(dom0.RemoveAsync($"/libxl/{domain.Domid}"));
    }

    private static string VmOf(SimulatedDomain domain) => $"/vm/{domain.Uuid}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static async Task IfThereAsync(ValueTask removal)
    {
        try
        {
            await removal;
        }
        catch (XenStoreException error) when (error.Error == XenStoreError.NotFound)
        {
        }
    }

    private async Task MakeAsync(string path, NodePermissions permissions)
    {
        await dom0.MakeDirectoryAsync(path);
        await dom0.SetPermissionsAsync(path, permissions);
    }

    private ValueTask WriteAsync(string path, string value) => dom0.WriteTextAsync(path, value);
}
