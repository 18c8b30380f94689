using Actors.Loading.Files;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Loading.Tests.Files;

internal sealed class HalfFileTests
{
    [Test]
    public void A_whole_dll_is_complete_and_a_truncated_one_never_is()
    {
        var whole = AssemblyFile.WithActor();
        Assert.That(PortableFile.Read(whole), Has.Property("Damage").Null.And.Property("IsManaged").True);

        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), length => PortableFile.Read(whole[..length]).Damage is not null)
            .QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_damaged_dll_is_read_without_an_error()
    {
        var whole = AssemblyFile.WithActor();
        Prop.ForAll(Gen.Two(Gen.Choose(0, whole.Length - 1)).ToArbitrary(), place =>
        {
            var damaged = (byte[])whole.Clone();
            (damaged[place.Item1], damaged[place.Item2]) = ((byte)~damaged[place.Item1], (byte)~damaged[place.Item2]);
            PortableFile.Read(damaged);
        }).QuickCheckThrowOnFailure();
    }
}
