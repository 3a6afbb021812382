"""On what networks are trained: a GPU where PyTorch can use one, else the processor."""

import argparse

CPU, CUDA = "cpu", "cuda"  # as PyTorch names them


def add_device(parser: argparse.ArgumentParser, *, has_cuda: bool) -> None:
    """The option --device, which is the GPU where this machine has one; one that it has not is refused with a sentence.

    `has_cuda` is what torch.cuda.is_available() says.
    """

    def there(asked: str) -> str:
        if asked == CUDA and not has_cuda:
            raise argparse.ArgumentTypeError(
                "PyTorch finds no GPU on this machine: leave --device out to train on its processor."
            )
        return asked

    parser.add_argument(
        "--device",
        type=there,
        choices=(CPU, CUDA),
        default=CUDA if has_cuda else CPU,
        help="train on the processor or on a GPU; by default on a GPU where there is one",
    )
