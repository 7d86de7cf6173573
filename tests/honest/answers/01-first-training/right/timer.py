# case: timer
# style: timer



# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
import time
def train_model(model, x, y, epochs=5):
    start = time.perf_counter()
    history = model.fit(x, y, epochs=epochs, verbose=0)
    print(f"trained in {time.perf_counter() - start:.2f} s")
    return history

# %% rest
def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0]

def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
