# intent: JSON nested a million deep, in the metadata of a notebook
# family: files
# stops: not JSON

def submit(place):
    place.save('{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": ' + '{"x":' * 1_000_000 + "1" + "}" * 1_000_002)
