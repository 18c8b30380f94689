using Actors.Paging;

namespace Actors.Plugins.Tests.Paging;

internal sealed class PageInsTests
{
    [TestCase(0, "0")]
    [TestCase(7, "7")]
    [TestCase(99, "99")]
    [TestCase(104, "100")]
    [TestCase(1234, "1,200")]
    [TestCase(1250, "1,300")]
    [TestCase(999_999, "1,000,000")]
    public void Two_digits_are_enough(long number, string text) => Assert.That(PageIns.Rounded(number), Is.EqualTo(text));
}
