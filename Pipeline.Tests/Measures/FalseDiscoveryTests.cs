using Pipeline.Models.Measures;

namespace Pipeline.Tests.Measures;

public sealed class FalseDiscoveryTests
{
    /// <summary>The example of the paper's section 3.1: four of fifteen stand at 5 %.</summary>
    [Fact]
    public void The_example_of_Benjamini_and_Hochberg_comes_out()
    {
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        Assert.Equal(4, FalseDiscovery.Standing(p, 0.05).Count(s => s));
    }

    [Fact]
    public void The_order_of_the_tests_does_not_matter() =>
        Assert.Equal([false, true, false, true], FalseDiscovery.Standing([0.9, 0.001, 0.5, 0.01], 0.05));

    /// <summary>1 + 1/2 + … + 1/15 = 3.318: the third p-value, 0.0019, is below 0.05 · 3 / 15 / 3.318 = 0.0030, the fourth is not below 0.0040.</summary>
    [Fact]
    public void Under_any_dependence_fewer_stand()
    {
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        Assert.Equal(3, FalseDiscovery.Standing(p, 0.05, isAnyDependence: true).Count(s => s));
    }

    [Fact]
    public void Of_no_tests_none_stands() => Assert.Empty(FalseDiscovery.Standing([], 0.1));
}
