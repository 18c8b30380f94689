using Actors.Sdk;
using Actors.Sim.Memory;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Sim.Tests;

internal sealed class ChunkOrderTests
{
    private const int ChunkCount = 25;
    private static readonly PageClass[] Classes = Enum.GetValues<PageClass>();

    [Test]
    public void Many_pages_end_up_in_the_same_chunks_as_the_same_pages_one_by_one() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte From, byte To, ushort Pages)[]>(), moves =>
        {
            // The last chunk is not complete.
            var size = new Pages((ChunkCount * Chunks.Size) - 100);
            var (atOnce, singly) = (new GuestMemory(size, size), new GuestMemory(size, size));
            foreach (var (from, to, pages) in moves)
            {
                var (source, use) = (Classes[from % Classes.Length], Classes[to % Classes.Length]);
                var most = new Pages(pages % 4000);
                if (source == use)
                    continue;
                var moved = Pages.Zero;
                while (moved < most && singly.Convert(source, use, new Pages(1)) > Pages.Zero)
                    moved += new Pages(1);
                if (atOnce.Convert(source, use, most) != moved)
                    return false;
            }
            return Enumerable.Range(0, ChunkCount).All(chunk => Classes.All(kind => atOnce.PagesIn(chunk, kind) == singly.PagesIn(chunk, kind)))
                && Classes.All(kind => atOnce.Of(kind) == singly.Of(kind));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
