using Actors.Loading.Files;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Host.Tests.Loading;

internal sealed class HalfFileTests
{
    [Test]
    public void A_whole_dll_is_whole_and_none_that_is_cut_short_is()
    {
        var whole = PluginRoot.Dll(1);
        Assert.That(PortableFile.Read(whole), Has.Property("Broken").Null.And.Property("IsManaged").True);

        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), length => PortableFile.Read(whole[..length]).Broken is not null)
            .QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_dll_that_was_spoilt_is_read_without_an_error()
    {
        var whole = PluginRoot.Dll(1);
        Prop.ForAll(Gen.Two(Gen.Choose(0, whole.Length - 1)).ToArbitrary(), place =>
        {
            var spoilt = (byte[])whole.Clone();
            (spoilt[place.Item1], spoilt[place.Item2]) = ((byte)~spoilt[place.Item1], (byte)~spoilt[place.Item2]);
            PortableFile.Read(spoilt);
        }).QuickCheckThrowOnFailure();
    }
}
