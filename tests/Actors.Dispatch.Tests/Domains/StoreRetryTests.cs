using Actors.Dispatch.Domains;
using Actors.Dispatch.Tests.Calls;
using Actors.XenStore;

namespace Actors.Dispatch.Tests.Domains;

internal sealed class StoreRetryTests
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task A_request_is_repeated_until_the_store_is_back_however_long_that_takes()
    {
        var attempts = 0;
        var request = StoreRetry.RunAsync(
            () => attempts++ < 300 ? throw new XenStoreConnectionException("away", RequestFate.NotSent) : new ValueTask<int>(7), _time, default).AsTask();
        for (var second = 0; second < 600 && !request.IsCompleted; second += 2)
            _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(await request.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System), Is.EqualTo(7));
    }

    [Test]
    public void A_request_that_is_given_up_ends_at_once()
    {
        using var giveUp = new CancellationTokenSource();
        var request = StoreRetry.RunAsync(ValueTask<int> () => throw new XenStoreConnectionException("away", RequestFate.NotSent), _time, giveUp.Token).AsTask();
        giveUp.Cancel();

        Assert.That(async () => await request.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System), Throws.InstanceOf<OperationCanceledException>());
    }
}
