using Actors.Isolation.Remote;
using Actors.Sdk;

namespace Actors.Isolation.Tests.Remote;

/// <summary>A member of the contract that no proxy implements would silently do nothing in a process.</summary>
internal sealed class ContractTests
{
    [TestCase(typeof(IDomain), typeof(RemoteDomain))]
    [TestCase(typeof(IDomainStore), typeof(RemoteDomain))]
    [TestCase(typeof(IActorLog), typeof(RemoteDomain))]
    [TestCase(typeof(IMaxMem), typeof(RemoteMaxMem))]
    [TestCase(typeof(IPaging), typeof(RemotePaging))]
    [TestCase(typeof(ISharing), typeof(RemoteSharing))]
    [TestCase(typeof(ITmem), typeof(RemoteTmem))]
    [TestCase(typeof(IHinting), typeof(RemoteHinting))]
    public void Every_member_of_the_contract_has_an_implementation_in_the_child(Type contract, Type proxy)
    {
        var map = proxy.GetInterfaceMap(contract);
        var defaults = map.InterfaceMethods.Zip(map.TargetMethods).Where(pair => pair.Second.DeclaringType == contract).Select(pair => pair.First.Name);

        Assert.That(defaults, Is.Empty, "these are the interface's own defaults");
    }
}
