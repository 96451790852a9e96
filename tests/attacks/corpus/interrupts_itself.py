# intent: the function sends its own process the signals by which the grader stops a cell
# family: time

# %% exercise="windows"
def windows(series, width):
    import os
    import signal
    import threading
    import time

    for number in (signal.SIGINT, signal.SIGALRM, signal.SIGUSR1, signal.SIGCHLD, signal.SIGCONT):
        signal.signal(number, signal.SIG_IGN)
        os.kill(os.getpid(), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    time.sleep(1)
